/** Owns running what the compiler generates: a module compiled in memory, with its inside laid open for measuring. */
import { compile, type CompileRequest } from "../src/compile.ts";

/** A tensor of the generated module's plan. */
export interface PlannedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Arena {
  readonly floats: Float32Array;
}

export interface Session extends Arena {
  readonly routines: Readonly<
    Record<string, (count: number, seed: number, step: number, first: number) => void>
  >;
  step: number;
}

export interface Feed {
  readonly count: number;
  readonly load: (arena: Arena, from: number, count: number) => void;
}

/** Declarations of the module that measuring needs and callers do not get. */
interface Inside {
  readonly plan: {
    readonly inputs: readonly PlannedTensor[];
    readonly targets?: readonly PlannedTensor[];
    readonly parameters: readonly PlannedTensor[];
  };
  readonly engine: unknown;
  readonly hosts: unknown;
  readonly openSession: (
    plan: unknown,
    arena: Arena,
    engine: unknown,
    hosts: unknown,
    seed: number,
  ) => Session;
  readonly newArena: (plan: unknown) => Arena;
  readonly trainStep?: (session: Session, feed: Feed) => Readonly<Record<string, number>>;
  readonly feedOf?: (ports: readonly PlannedTensor[], batch: unknown) => Feed;
  readonly writeTensor?: (arena: Arena, tensor: PlannedTensor, values: ArrayLike<number>) => void;
}

/** What users call, as far as it is measured. */
export interface Model {
  readonly predict: (batch: object) => object;
}

export interface Generated {
  readonly text: string;
  readonly inside: Inside;
  readonly session: Session;
  readonly create: () => Promise<Model>;
}

/** Compiles the text of one `.nn` file and runs the module. Throws with the messages where it has errors. */
export async function generate(
  name: string,
  text: string,
  options: Pick<CompileRequest, "kernels" | "inference"> & Pick<Partial<CompileRequest>, "writtenOut">,
): Promise<Generated> {
  const sources = new Map([[name, { name, text }]]);
  const compiled = compile({ entry: name, sources, language: "javascript", ...options });
  if (compiled.module === null) {
    throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  }
  const module = compiled.module.text;
  const wanted = ["plan", "engine", "hosts", "openSession", "trainStep", "feedOf", "writeTensor"];
  const declared = wanted.filter((each) => new RegExp(`(function|const) ${each}\\b`).test(module));
  const arena = /function sharedArena\b/.test(module) ? "sharedArena" : "plainArena";
  const opened = `${module}\nexport { ${[...declared, `${arena} as newArena`].join(", ")} };\n`;
  const address = `data:text/javascript;base64,${Buffer.from(opened).toString("base64")}`;
  const inside = (await import(address)) as Inside;
  const { plan, engine, hosts } = inside;
  const { create } = (inside as unknown as Readonly<Record<string, Pick<Generated, "create">>>)[
    compiled.network!.name
  ]!;
  const session = inside.openSession(plan, inside.newArena(plan), engine, hosts, 1);
  return { text: module, inside, session, create };
}
