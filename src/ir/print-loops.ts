/** Owns the text of the loops language: nests as people and goldens read them. */
import type { Buffer, Integer, Kernel, Local, LoopVariable, Numeric, Routine, Statement } from "./loops.ts";

/** What things are called in the text. */
export interface LoopNames {
  readonly buffer: (buffer: Buffer) => string;
  readonly variable: (variable: LoopVariable) => string;
  readonly local: (local: Local) => string;
}

export const ownNames: LoopNames = {
  buffer: ({ name }) => name,
  variable: ({ name }) => name,
  local: ({ name }) => name,
};

const INFIX: Readonly<Record<string, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  less: "<",
  less_equal: "<=",
  equal: "==",
  not_equal: "!=",
};

export function printInteger(integer: Integer, names: LoopNames = ownNames): string {
  const inner = (of: Integer): string => {
    const text = printInteger(of, names);
    return of.kind === "sum" ? `(${text})` : text;
  };
  switch (integer.kind) {
    case "literal":
      return String(integer.value);
    case "variable":
      return names.variable(integer.variable);
    case "count":
      return "count";
    case "sum":
      return integer.terms.map((term) => printInteger(term, names)).join(" + ");
    case "scaled":
      return `${integer.factor} * ${inner(integer.of)}`;
    case "quotient":
      return `(${inner(integer.of)} div ${integer.by})`;
    case "remainder":
      return `(${inner(integer.of)} mod ${integer.by})`;
    case "least":
    case "greatest": {
      const [a, b] = [printInteger(integer.a, names), printInteger(integer.b, names)];
      return `${integer.kind === "least" ? "min" : "max"}(${a}, ${b})`;
    }
    case "element":
      return `${names.buffer(integer.buffer)}[${printInteger(integer.at, names)}]`;
  }
}

export function printNumeric(numeric: Numeric, names: LoopNames = ownNames): string {
  const inner = (of: Numeric): string => printNumeric(of, names);
  switch (numeric.kind) {
    case "number":
      return String(numeric.value);
    case "local":
      return names.local(numeric.local);
    case "load": {
      const at = printInteger(numeric.at, names);
      return `${names.buffer(numeric.buffer)}[${at}${numeric.lanes === 4 ? " ..4" : ""}]`;
    }
    case "splat":
      return `all(${inner(numeric.of)})`;
    case "integer":
      return `number(${printInteger(numeric.of, names)})`;
    case "inside":
      return `inside(${printInteger(numeric.of, names)}, ${printInteger(numeric.extent, names)})`;
    case "apply": {
      const args = numeric.arguments.map(inner);
      const infix = INFIX[numeric.function];
      return infix === undefined
        ? `${numeric.function}(${args.join(", ")})`
        : `(${args[0]!} ${infix} ${args[1]!})`;
    }
    case "random": {
      const sample = numeric.sample === null ? "-" : printInteger(numeric.sample, names);
      return `${numeric.distribution}(stream ${numeric.stream}, ${sample}, ${printInteger(numeric.element, names)})`;
    }
    case "host":
      return numeric.name;
  }
}

function printStatement(statement: Statement, names: LoopNames, indent: string): string {
  switch (statement.kind) {
    case "loop": {
      const { variable, from, to, step, body } = statement;
      const start = from.kind === "literal" && from.value === 0 ? "" : `${printInteger(from, names)} <= `;
      const steps = step === 1 ? "" : ` step ${step}`;
      const head = `${indent}for ${start}${names.variable(variable)} < ${printInteger(to, names)}${steps} {`;
      return `${head}\n${printStatements(body, names, `${indent}  `)}\n${indent}}`;
    }
    case "define":
      return `${indent}${names.local(statement.local)} = ${printNumeric(statement.value, names)}`;
    case "declare": {
      const lanes = statement.local.lanes === 4 ? ": 4 lanes" : "";
      return `${indent}var ${names.local(statement.local)}${lanes} = ${printNumeric(statement.value, names)}`;
    }
    case "assign":
      return `${indent}${names.local(statement.local)} := ${printNumeric(statement.value, names)}`;
    case "store": {
      const lanes = statement.lanes === 4 ? " ..4" : "";
      const place = `${names.buffer(statement.buffer)}[${printInteger(statement.at, names)}${lanes}]`;
      return `${indent}${place} := ${printNumeric(statement.value, names)}`;
    }
    case "remark":
      return `${indent}// ${statement.text}`;
    case "call":
      return `${indent}${statement.kernel.name}(${statement.buffers.map(names.buffer).join(", ")})`;
  }
}

export function printStatements(
  statements: readonly Statement[],
  names: LoopNames = ownNames,
  indent = "",
): string {
  return statements.map((statement) => printStatement(statement, names, indent)).join("\n");
}

export function printRoutine(routine: Routine): string {
  const host =
    routine.host.length === 0 ? [] : [`  host\n${printStatements(routine.host, ownNames, "    ")}`];
  const sections = routine.sections.map(
    ({ title, text, body }) => `  // ${title}\n  // ${text}\n${printStatements(body, ownNames, "  ")}`,
  );
  return `routine ${routine.name} {\n${[...host, ...sections].join("\n\n")}\n}`;
}

export function printKernel(kernel: Kernel): string {
  const parameters = kernel.parameters.map(({ name, shape }) => `${name}: [${shape.join(", ")}]`);
  const body = printStatements(kernel.body, ownNames, "  ");
  return `// ${kernel.text}\nkernel ${kernel.name}(${parameters.join(", ")}) {\n${body}\n}`;
}
