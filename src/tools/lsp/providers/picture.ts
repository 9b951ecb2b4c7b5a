/** Owns the answer to `nn/picture`: a model of a file as an SVG. */
import { drawNetwork } from "../../picture/svg.ts";
import { type DocumentParams, type Session, analysisOf } from "../session.ts";

export interface Picture {
  readonly model: string;
  /** Null where the model has mistakes. */
  readonly svg: string | null;
  /** Every model of the file. */
  readonly models: readonly string[];
}

/** Of the model that is asked for, or the first. */
export function picture(
  session: Session,
  params: DocumentParams & { readonly model?: string },
): Picture | null {
  const analysis = analysisOf(session, params);
  if (analysis === null) return null;
  const { models } = analysis.checked();
  const model = params.model ?? models[0];
  if (model === undefined) return null;
  const network = analysis.networks().find(({ name }) => name === model);
  return { model, svg: network === undefined ? null : drawNetwork(network), models };
}
