/** Owns the way between the compiler's names and offsets and the protocol's addresses and positions. */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Location, Range } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Source, Span } from "../../text/source.ts";

/** The name under which the compiler knows a library file, as `library/layers.nn`. */
const libraryPrefix = "library/";

/** Where the library's files lie: beside the bundle, or in the sources. */
export function libraryFolder(): URL | null {
  const candidates = ["./library/", "../library/", "../../library/"];
  return (
    candidates
      .map((relative) => new URL(relative, import.meta.url))
      .find((folder) => existsSync(new URL("layers.nn", folder))) ?? null
  );
}

export interface Places {
  readonly nameOf: (uri: string) => string;
  readonly uriOf: (name: string) => string;
  readonly isLibrary: (name: string) => boolean;
  readonly offsetAt: (source: Source, position: { line: number; character: number }) => number;
  readonly range: (span: Span) => Range;
  readonly location: (span: Span) => Location;
}

export function places(): Places {
  const library = libraryFolder()?.href ?? null;
  const documents = new WeakMap<Source, TextDocument>();
  const documentOf = (source: Source): TextDocument => {
    const known = documents.get(source);
    if (known !== undefined) return known;
    const document = TextDocument.create(source.name, "nn", 0, source.text);
    documents.set(source, document);
    return document;
  };
  const range = ({ source, start, end }: Span): Range => {
    const document = documentOf(source);
    return { start: document.positionAt(start), end: document.positionAt(end) };
  };
  const uriOf = (name: string): string => {
    if (name.startsWith(libraryPrefix)) return `${library ?? ""}${name.slice(libraryPrefix.length)}`;
    return /^[a-z][a-z+.-]+:/i.test(name) ? name : pathToFileURL(name).href;
  };
  return {
    nameOf: (uri) => {
      if (!uri.startsWith("file:")) return uri;
      const { href } = pathToFileURL(fileURLToPath(uri));
      if (library !== null && href.startsWith(library)) return libraryPrefix + href.slice(library.length);
      return fileURLToPath(uri).replaceAll("\\", "/");
    },
    uriOf,
    isLibrary: (name) => name.startsWith(libraryPrefix),
    offsetAt: (source, position) => documentOf(source).offsetAt(position),
    range,
    location: (span) => ({ uri: uriOf(span.source.name), range: range(span) }),
  };
}
