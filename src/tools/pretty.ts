/** Owns the formatting of generated modules by prettier, a section at a time: on long text whole it takes minutes. */
import type { Options } from "prettier";

/** Lines that prettier is given at once. */
const pieceLength = 200;

export async function prettyModule(text: string, language: "typescript" | "javascript"): Promise<string> {
  const prettier = await import("prettier");
  // Without a file's name the parser looks for JSX first, in time that grows with the square of a long routine.
  const options: Options =
    language === "typescript"
      ? { parser: "typescript", filepath: "module.ts", printWidth: 110 }
      : { parser: "babel", filepath: "module.js", printWidth: 110 };
  try {
    const pieces: string[] = [];
    for (const piece of piecesOf(text)) pieces.push((await prettier.format(piece, options)).trimEnd());
    return `${pieces.join("\n\n")}\n`;
  } catch {
    // A piece that is no whole statements: the seams were guessed wrongly, the text as a whole is right.
    return prettier.format(text, options);
  }
}

/** Cuts between statements of the outermost level: at an empty line that a line without indentation follows. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  const lines = text.split("\n");
  lines.forEach((line, place) => {
    const seam =
      line === "" &&
      /^(export|const|let|function|class|interface|type|\/\/|\/\*\*)/.test(lines[place + 1] ?? "");
    if (seam && piece.length >= pieceLength) {
      pieces.push(piece.join("\n"));
      piece = [];
    } else piece.push(line);
  });
  return [...pieces, piece.join("\n")].filter((content) => content.trim() !== "");
}
