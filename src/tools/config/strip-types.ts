/** Owns taking the types off a TypeScript file, for Node versions that do not. Loaded only where it is needed. */
import { transform } from "sucrase";

export function withoutTypes(code: string, path: string): string {
  return transform(code, { transforms: ["typescript"], disableESTransforms: true, filePath: path }).code;
}
