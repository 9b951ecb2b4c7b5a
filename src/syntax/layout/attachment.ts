/** Owns where comments go when a program is printed: which part of the tree each belongs to, by where it was written. */
import type { Span } from "../../text/source.ts";
import type { Comment, SourceFile } from "../ast.ts";
import { documentationBefore, standsAlone } from "../comments.ts";

/** The comments of one part of the tree. */
export interface Attached {
  /** Each on a line of its own before the part. */
  readonly before: Comment[];
  /** At the end of the line on which the part ends. */
  readonly after: Comment[];
  /** In a block: behind its opening brace. */
  readonly opening: Comment[];
  /** In a block, a recipe or a file: each on a line of its own at the end. */
  readonly closing: Comment[];
}

export type Attachments = ReadonlyMap<object, Attached>;

/** A part of the tree that comments may belong to, with those inside it in order of place. */
interface Part {
  readonly node: object;
  readonly span: Span;
  readonly kind: string;
  readonly parts: readonly Part[];
}

/** What holds a sequence of lines. */
const bodies: ReadonlySet<string> = new Set(["file", "block", "recipe"]);

/** Fields without parts: results, too, are laid out on one line, where no comment has room. */
const unattached: ReadonlySet<string> = new Set(["span", "source", "comments", "results"]);

const partKinds: ReadonlySet<string> = new Set([
  ...[
    "file",
    "import",
    "constant",
    "definition",
    "model",
    "recipe",
    "setting",
    "parameter",
    "block",
    "stage",
  ],
  ...[
    "input",
    "target",
    "param",
    "state",
    "carry",
    "collect",
    "update",
    "next",
    "share",
    "output",
    "loss",
    "metric",
  ],
  ...["entry", "require", "return", "choice", "for", "scan", "binding", "equation"],
]);

/** Finds a place for every comment that does not document a declaration or a statement. */
export function attach(file: SourceFile): Attachments {
  const attachments = new Map<object, Attached>();
  if (file.comments.length === 0) return attachments;
  const root = partOf(file, file.span);
  const documenting = new Set<Comment>();
  forEachPart(root, ({ node, span }) => {
    if (typeof (node as { doc?: unknown }).doc !== "string") return;
    for (const comment of documentationBefore(file.source, file.comments, span.start))
      documenting.add(comment);
  });
  const at = (part: Part): Attached => {
    const known = attachments.get(part.node) ?? { before: [], after: [], opening: [], closing: [] };
    attachments.set(part.node, known);
    return known;
  };
  for (const comment of file.comments) if (!documenting.has(comment)) place(file, root, comment, at);
  return attachments;
}

function place(file: SourceFile, root: Part, comment: Comment, at: (part: Part) => Attached): void {
  let holder = root;
  for (let inner: Part | undefined = root; inner !== undefined; inner = partAround(holder, comment))
    holder = inner;
  const previous = holder.parts.findLast(({ span }) => span.end <= comment.span.start);
  const following = holder.parts.find(({ span }) => span.start >= comment.span.end);
  const alone = standsAlone(file.source, comment);
  const between = previous === undefined ? "" : file.source.text.slice(previous.span.end, comment.span.start);
  const sameLine = !alone && previous !== undefined && !/[\n\r]/.test(between);

  if (bodies.has(holder.kind)) {
    if (sameLine) endLine(at(previous), comment);
    else if (!alone && holder.kind !== "file" && previous === undefined) at(holder).opening.push(comment);
    else if (following !== undefined) at(following).before.push(comment);
    else at(holder).closing.push(comment);
    return;
  }
  const block = following === undefined ? null : blockOf(following);
  const directly = /^[\s,]*$/.test(between);
  if (sameLine && directly) endLine(at(previous), comment);
  else if (block !== null) at(block).opening.push(comment);
  else if (following !== undefined) at(following).before.push(comment);
  else if (previous !== undefined && directly) endLine(at(previous), comment);
  // Within an expression: it moves to the statement.
  else if (alone) at(holder).before.push(undocumenting(comment));
  else endLine(at(holder), comment);
}

/** A line ends in one comment; a further one goes before it. */
function endLine(attached: Attached, comment: Comment): void {
  if (attached.after.length === 0) attached.after.push(comment);
  else attached.before.push(undocumenting(comment));
}

/** A comment that moved must not come to document what it now stands before. */
function undocumenting(comment: Comment): Comment {
  return { ...comment, documentation: false };
}

function partAround({ parts }: Part, { span }: Comment): Part | undefined {
  return parts.find((part) => part.span.start <= span.start && span.end <= part.span.end);
}

/** The block that a part is, or that follows the head of a branch. */
function blockOf(part: Part): Part | null {
  if (part.kind === "block") return part;
  return part.kind === "choice" ? (part.parts.find(({ kind }) => kind === "block") ?? null) : null;
}

function forEachPart(part: Part, visit: (part: Part) => void): void {
  visit(part);
  for (const inner of part.parts) forEachPart(inner, visit);
}

function partOf(node: object, span: Span): Part {
  const { kind = "argument" } = node as { kind?: string };
  const parts = partsWithin(node).sort((a, b) => a.span.start - b.span.start);
  return { node, span, kind, parts };
}

/** The outermost parts below a node. */
function partsWithin(node: object): Part[] {
  return Object.entries(node).flatMap(([field, value]) => {
    if (unattached.has(field)) return [];
    const each: readonly unknown[] = Array.isArray(value) ? value : [value];
    return each.flatMap((inner) => {
      if (typeof inner !== "object" || inner === null) return [];
      const { kind, span } = inner as { kind?: string; span?: Span };
      const listed = field === "arguments" || field === "items";
      const isPart = listed || (kind !== undefined && partKinds.has(kind));
      return isPart && span !== undefined ? [partOf(inner, span)] : partsWithin(inner);
    });
  });
}
