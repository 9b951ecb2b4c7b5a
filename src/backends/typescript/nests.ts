/** Owns printing nested loops as TypeScript: places, numbers and statements of the loops language. */
import { userFrame } from "../../ir/frame.ts";
import type { Buffer, Integer, Kernel, LoopVariable, Numeric, Statement } from "../../ir/loops.ts";
import {
  add,
  call,
  apply,
  asCondition,
  asNumber,
  type Formula,
  inside,
  modulo,
  multiply,
  numberFormula,
  primary,
  quotient,
  runtimeFunction,
} from "./formula.ts";
import { mark } from "./origins.ts";
import type { Scope } from "./names.ts";

/** What printed text needs from its surroundings. */
export interface Needs {
  floats: boolean;
  indices: boolean;
  count: boolean;
  /** Streams of random numbers. */
  readonly streams: Set<number>;
  /** Functions of the runtime. */
  readonly runtime: Set<string>;
}

export function noNeeds(): Needs {
  return { floats: false, indices: false, count: false, streams: new Set(), runtime: new Set() };
}

/** Where a buffer starts: a number, or a name for it. */
export interface Start {
  readonly literal: number | null;
  /** Asked for only where the place is no literal as a whole. */
  readonly name: () => string;
}

/** The number, where it is one. */
function literalOf(integer: Integer): number | null {
  const { constant, rest } = parted(integer);
  return rest.length === 0 ? constant : null;
}

/** Terms that are numbers together, the others as they are. */
function parted(integer: Integer): { constant: number; rest: readonly Integer[] } {
  switch (integer.kind) {
    case "literal":
      return { constant: integer.value, rest: [] };
    case "sum": {
      const parts = integer.terms.map(parted);
      const constant = parts.reduce((sum, part) => sum + part.constant, 0);
      return { constant, rest: parts.flatMap(({ rest }) => rest) };
    }
    case "scaled": {
      const known = literalOf(integer.of);
      return known === null && integer.factor !== 0
        ? { constant: 0, rest: [integer] }
        : { constant: (known ?? 0) * integer.factor, rest: [] };
    }
    default:
      return { constant: 0, rest: [integer] };
  }
}

/** The text of one body. */
export class NestPrinter {
  readonly needs = noNeeds();
  /** Loop variables that may be below 0. */
  readonly #signed = new Set<LoopVariable>();
  /** Numbers of the host, known in double precision. */
  readonly #hosted = new Map<Buffer, string>();

  constructor(
    readonly scope: Scope,
    readonly startOf: (buffer: Buffer) => Start,
    readonly callOf: (kernel: Kernel, buffers: readonly Buffer[]) => string,
    readonly host: boolean,
  ) {}

  statements(body: readonly Statement[]): string[] {
    return body.flatMap((statement) => this.#statement(statement));
  }

  #statement(statement: Statement): string[] {
    switch (statement.kind) {
      case "loop":
        return this.#loop(statement);
      case "define":
      case "declare": {
        const value = asNumber(this.#number(statement.value)).text;
        const name = this.scope.nameOf(statement.local, statement.local.name);
        return [`${statement.kind === "define" ? "const" : "let"} ${name} = ${value};`];
      }
      case "assign": {
        const name = this.scope.nameOf(statement.local, statement.local.name);
        return [this.#assignment(name, statement.value)];
      }
      case "store":
        return this.#store(statement);
      case "remark":
        return [
          mark(userFrame(statement.frame).span),
          ...statement.text.split("\n").map((line) => `// ${line}`),
        ];
      case "call":
        return [this.callOf(statement.kernel, statement.buffers)];
    }
  }

  #loop({ variable, from, to, step, body }: Statement & { readonly kind: "loop" }): string[] {
    if (!this.#natural(from)) this.#signed.add(variable);
    const [start, end] = [this.integer(from).text, this.integer(to).text];
    const name = this.scope.nameOf(variable, variable.name);
    const head = `for (let ${name} = ${start}; ${name} < ${end}; ${name} += ${step})`;
    const inner = this.statements(body);
    if (inner.length === 1 && !/^(const|let|\/\/)/.test(inner[0]!)) return [`${head} ${inner[0]!}`];
    return [`${head} {`, ...inner, "}"];
  }

  #store({ buffer, at, value }: Statement & { readonly kind: "store" }): string[] {
    const place = this.#place(buffer, at);
    if (!this.host || at.kind !== "literal" || at.value !== 0) return [this.#assignment(place, value)];
    const text = asNumber(this.#number(value)).text;
    const known = this.#hosted.has(buffer);
    const name = this.scope.nameOf(buffer, buffer.name);
    this.#hosted.set(buffer, name);
    return [`${known ? "" : "let "}${name} = ${text};`, `${place} = ${name};`];
  }

  /** `a = a + b` as `a += b`. */
  #assignment(target: string, value: Numeric): string {
    if (value.kind === "apply") {
      const operands = value.arguments.map((operand) => asNumber(this.#number(operand)));
      const [a, b, c] = operands.map(({ text }) => text);
      if (value.function === "add" && a === target) return `${target} += ${b!};`;
      if (value.function === "multiplyAdd" && c === target)
        return `${target} += ${multiply(operands[0]!, operands[1]!).text};`;
    }
    return `${target} = ${asNumber(this.#number(value)).text};`;
  }

  #place(buffer: Buffer, at: Integer): string {
    const { literal, name } = this.startOf(buffer);
    const array = buffer.element === "float" ? "floats" : "indices";
    this.needs[array] = true;
    const known = literalOf(at);
    if (literal !== null && known !== null) return `${array}[${literal + known}]`;
    const { constant, rest } = parted(at);
    const terms = [primary(name()), ...rest.map((term) => this.integer(term))];
    if (constant !== 0) terms.push(numberFormula(constant));
    return `${array}[${terms.reduce(add).text}]`;
  }

  integer(integer: Integer): Formula {
    switch (integer.kind) {
      case "literal":
        return numberFormula(integer.value);
      case "variable":
        return primary(this.scope.nameOf(integer.variable, integer.variable.name));
      case "count":
        this.needs.count = true;
        return primary("count");
      case "sum": {
        const { constant, rest } = parted(integer);
        const terms = rest.map((term) => this.integer(term));
        if (constant !== 0 || terms.length === 0) terms.push(numberFormula(constant));
        return terms.reduce(add);
      }
      case "scaled":
        return integer.factor === 1
          ? this.integer(integer.of)
          : multiply(this.integer(integer.of), numberFormula(integer.factor));
      case "quotient":
        return quotient(this.integer(integer.of), integer.by, this.#natural(integer.of));
      case "remainder":
        return modulo(this.integer(integer.of), integer.by, this.#natural(integer.of));
      case "least":
        return call("Math.min", this.integer(integer.a), this.integer(integer.b));
      case "greatest":
        return call("Math.max", this.integer(integer.a), this.integer(integer.b));
      case "element":
        return primary(this.#place(integer.buffer, integer.at));
    }
  }

  /** Whether it is surely not below 0. */
  #natural(integer: Integer): boolean {
    switch (integer.kind) {
      case "literal":
        return integer.value >= 0;
      case "variable":
        return !this.#signed.has(integer.variable);
      case "sum":
        return integer.terms.every((term) => this.#natural(term));
      case "scaled":
        return integer.factor >= 0 && this.#natural(integer.of);
      case "quotient":
        return this.#natural(integer.of);
      case "least":
        return this.#natural(integer.a) && this.#natural(integer.b);
      case "greatest":
        return this.#natural(integer.a) || this.#natural(integer.b);
      case "count":
      case "remainder":
      case "element":
        return true;
    }
  }

  #number(value: Numeric): Formula {
    switch (value.kind) {
      case "number":
        return numberFormula(value.value);
      case "local":
        return primary(this.scope.nameOf(value.local, value.local.name));
      case "load": {
        const hosted = this.#hosted.get(value.buffer);
        return primary(hosted ?? this.#place(value.buffer, value.at));
      }
      case "integer":
        return this.integer(value.of);
      case "inside":
        return inside(this.integer(value.of), this.integer(value.extent), this.#natural(value.of));
      case "apply": {
        const called = runtimeFunction(value.function);
        if (called !== null) this.needs.runtime.add(called);
        const operands = value.arguments.map((operand) => this.#number(operand));
        if (value.function === "select")
          return apply("select", [asCondition(operands[0]!), ...operands.slice(1)]);
        return apply(value.function, operands);
      }
      case "random": {
        this.needs.streams.add(value.stream);
        this.needs.runtime.add(value.distribution).add("streamKey");
        const sample = value.sample === null ? "0" : add(primary("first"), this.integer(value.sample)).text;
        const element = this.integer(value.element).text;
        return primary(`${value.distribution}(stream${value.stream}, step, ${sample}, ${element})`);
      }
      case "host":
        return primary(value.name);
      case "splat":
        throw new Error("vectors are not printed as TypeScript");
    }
  }
}
