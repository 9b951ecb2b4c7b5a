/** Owns the line above a model: how many parameters it has, their bytes, and the work of one sample. */
import type { CodeLens } from "vscode-languageserver";
import { parameterCount } from "../../cli/summary.ts";
import { countMultiplyAdds } from "../../multiply-adds.ts";
import { bytesText, grouped } from "../../terminal/numbers.ts";
import { type DocumentParams, type Session, analysisOf, toldOf } from "../session.ts";

const bytesOfNumber = 4;

/** Of each model without mistakes. */
export function codeLenses(session: Session, params: DocumentParams): CodeLens[] {
  const analysis = analysisOf(session, params);
  if (analysis === null) return [];
  const { networks } = toldOf(session, analysis);
  return networks.map((network) => {
    const parameters = parameterCount(network);
    const { total } = countMultiplyAdds(network);
    const title = [
      `${grouped(parameters)} parameters`,
      bytesText(parameters * bytesOfNumber),
      `${grouped(total)} multiply-adds a sample`,
    ].join(" · ");
    const command = session.client.picture
      ? { title, command: "nn.showNetwork", arguments: [params.textDocument.uri, network.name] }
      : { title, command: "" };
    return { range: session.places.range(network.span), command };
  });
}
