/** Owns outlining: equal nests become one kernel, called with the buffers of each layer. */
import type { Buffer, Kernel, Local, LoopVariable, Routine, Section, Statement } from "../ir/loops.ts";
import { type LoopNames, printStatements } from "../ir/print-loops.ts";
import { buffersIn, withBuffers } from "../ir/rewrite-loops.ts";

/** Numbers things in the order in which they are met, so that equal nests print equal texts. */
function numbered<T>(prefix: string, describe: (item: T) => string): (item: T) => string {
  const seen = new Map<T, string>();
  return (item) => {
    const known = seen.get(item);
    if (known !== undefined) return known;
    const name = `${prefix}${seen.size}`;
    seen.set(item, name);
    return `${name}${describe(item)}`;
  };
}

function canonicalNames(): LoopNames {
  return {
    buffer: numbered<Buffer>("b", ({ element }) => `:${element}`),
    variable: numbered<LoopVariable>("v", () => ""),
    local: numbered<Local>("l", ({ lanes }) => `:${lanes}`),
  };
}

interface Outlined {
  readonly routines: readonly Routine[];
  readonly kernels: readonly Kernel[];
}

/** What the operation is called and which of its kind it is: `contract_2`. */
function kernelName(operation: string, kernels: readonly Kernel[]): string {
  const stem = operation.replace(/[^a-z0-9]+/gi, "_");
  const alike = kernels.filter(({ name }) => name.replace(/_\d+$/, "") === stem).length;
  return `${stem}_${alike + 1}`;
}

function kernelOf(section: Section, operation: string, kernels: readonly Kernel[]): Kernel {
  const buffers = [...new Set(buffersIn(section.body))];
  const taken = new Map<string, number>();
  const parameters = buffers.map((buffer): Buffer => {
    const stem = buffer.name.split(".").at(-1)!;
    const before = taken.get(stem) ?? 0;
    taken.set(stem, before + 1);
    const name = before === 0 ? stem : `${stem}_${before + 1}`;
    return { ...buffer, name, role: { kind: "temporary" } };
  });
  const standIn = new Map(buffers.map((buffer, i) => [buffer, parameters[i]!]));
  return {
    name: kernelName(operation, kernels),
    text: section.text,
    parameters,
    body: withBuffers(section.body, (buffer) => standIn.get(buffer)!),
  };
}

function hasLoop(statements: readonly Statement[]): boolean {
  return statements.some(({ kind }) => kind === "loop");
}

/** Sections with loops become calls; what is no longer than its call stays. */
export function outline(
  routines: readonly Routine[],
  operationOf: (section: Section) => string | null,
): Outlined {
  const kernels: Kernel[] = [];
  const known = new Map<string, Kernel>();
  const outlined = routines.map((routine) => ({
    ...routine,
    sections: routine.sections.map((section): Section => {
      const operation = operationOf(section);
      if (operation === null || !hasLoop(section.body)) return section;
      const key = printStatements(section.body, canonicalNames());
      let kernel = known.get(key);
      if (kernel === undefined) {
        kernel = kernelOf(section, operation, kernels);
        known.set(key, kernel);
        kernels.push(kernel);
      }
      return { ...section, body: [{ kind: "call", kernel, buffers: [...new Set(buffersIn(section.body))] }] };
    }),
  }));
  return { routines: outlined, kernels };
}
