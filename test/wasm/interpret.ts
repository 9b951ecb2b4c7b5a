/** Owns a plain interpretation of nests over numbers, which what the backends print must agree with. */
import type { Buffer, Integer, Local, LoopVariable, Numeric, Statement } from "../../src/ir/loops.ts";
import { normalAt, uniformAt } from "../../src/ir/random.ts";

export interface Run {
  readonly memory: ReadonlyMap<Buffer, Float64Array>;
  readonly count: number;
  readonly seed: number;
  readonly step: number;
  readonly first: number;
}

interface Scope extends Run {
  readonly variables: Map<LoopVariable, number>;
  readonly locals: Map<Local, readonly number[]>;
}

/** Runs the statements in double precision, but rounds what is stored and held in locals to float32. */
export function interpret(body: readonly Statement[], run: Run): void {
  execute(body, { ...run, variables: new Map(), locals: new Map() });
}

function execute(body: readonly Statement[], scope: Scope): void {
  for (const statement of body) {
    switch (statement.kind) {
      case "loop":
        for (
          let i = integer(statement.from, scope), to = integer(statement.to, scope);
          i < to;
          i += statement.step
        ) {
          scope.variables.set(statement.variable, i);
          execute(statement.body, scope);
        }
        break;
      case "define":
      case "declare":
      case "assign":
        scope.locals.set(statement.local, numeric(statement.value, scope).map(Math.fround));
        break;
      case "store": {
        const values = numeric(statement.value, scope);
        const at = integer(statement.at, scope);
        const whole = statement.buffer.element === "index";
        values.forEach((value, lane) => {
          memoryOf(statement.buffer, scope)[at + lane] = whole ? Math.trunc(value) : Math.fround(value);
        });
        break;
      }
      case "call": {
        const memory = new Map(scope.memory);
        statement.kernel.parameters.forEach((parameter, place) => {
          memory.set(parameter, memoryOf(statement.buffers[place]!, scope));
        });
        interpret(statement.kernel.body, { ...scope, memory });
        break;
      }
      case "remark":
        break;
    }
  }
}

function memoryOf(buffer: Buffer, scope: Run): Float64Array {
  const values = scope.memory.get(buffer);
  if (values === undefined) throw new Error(`no memory for ${buffer.name}`);
  return values;
}

function read(buffer: Buffer, at: number, scope: Run): number {
  const value = memoryOf(buffer, scope)[at];
  if (value === undefined) throw new Error(`${buffer.name}[${at}] is read`);
  return value;
}

function integer(value: Integer, scope: Scope): number {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "variable":
      return scope.variables.get(value.variable)!;
    case "count":
      return scope.count;
    case "sum":
      return value.terms.reduce((total, term) => total + integer(term, scope), 0);
    case "scaled":
      return value.factor * integer(value.of, scope);
    case "quotient":
      return Math.floor(integer(value.of, scope) / value.by);
    case "remainder": {
      const of = integer(value.of, scope);
      return of - value.by * Math.floor(of / value.by);
    }
    case "least":
      return Math.min(integer(value.a, scope), integer(value.b, scope));
    case "greatest":
      return Math.max(integer(value.a, scope), integer(value.b, scope));
    case "element":
      return read(value.buffer, integer(value.at, scope), scope);
  }
}

function numeric(value: Numeric, scope: Scope): readonly number[] {
  switch (value.kind) {
    case "number":
      return Array.from({ length: value.lanes }, () => Math.fround(value.value));
    case "local":
      return scope.locals.get(value.local)!;
    case "load": {
      const at = integer(value.at, scope);
      return Array.from({ length: value.lanes }, (_, lane) => read(value.buffer, at + lane, scope));
    }
    case "splat": {
      const [of] = numeric(value.of, scope);
      return [of!, of!, of!, of!];
    }
    case "integer":
      return [integer(value.of, scope)];
    case "inside": {
      const of = integer(value.of, scope);
      return [of >= 0 && of < integer(value.extent, scope) ? 1 : 0];
    }
    case "apply": {
      if (value.function === "select") return select(value.arguments, scope);
      const passed = value.arguments.map((argument) => numeric(argument, scope));
      return passed[0]!.map((_, lane) => meanings[value.function](...passed.map((each) => each[lane]!)));
    }
    case "random": {
      const place = {
        seed: scope.seed,
        stream: value.stream,
        step: scope.step,
        sample: value.sample === null ? 0 : integer(value.sample, scope) + scope.first,
        element: integer(value.element, scope),
      };
      return [value.distribution === "uniform" ? uniformAt(place) : normalAt(place)];
    }
    case "host":
      throw new Error("only the host knows");
  }
}

/** Evaluates only the chosen branch where the condition is the same for all lanes. */
function select([condition, a, b]: readonly Numeric[], scope: Scope): readonly number[] {
  const chosen = numeric(condition!, scope);
  if (chosen.every((each) => each !== 0)) return numeric(a!, scope);
  if (chosen.every((each) => each === 0)) return numeric(b!, scope);
  const [whenTrue, whenFalse] = [numeric(a!, scope), numeric(b!, scope)];
  return chosen.map((each, lane) => (each !== 0 ? whenTrue[lane]! : whenFalse[lane]!));
}

type Applied = Exclude<(Numeric & { readonly kind: "apply" })["function"], "select">;

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** What each function means, in double. */
export const meanings: Readonly<Record<Exclude<Applied, never> | "select", (...x: number[]) => number>> = {
  add: (a, b) => a! + b!,
  subtract: (a, b) => a! - b!,
  multiply: (a, b) => a! * b!,
  divide: (a, b) => a! / b!,
  negate: (a) => -a!,
  power: (a, b) => Math.pow(a!, b!),
  remainder: (a, b) => {
    const rest = a! % b!;
    return rest !== 0 && rest < 0 !== b! < 0 ? rest + b! : rest;
  },
  maximum: (a, b) => Math.max(a!, b!),
  minimum: (a, b) => Math.min(a!, b!),
  exp: (a) => Math.exp(a!),
  log: (a) => Math.log(a!),
  log1p: (a) => Math.log1p(a!),
  expm1: (a) => Math.expm1(a!),
  sqrt: (a) => Math.sqrt(a!),
  abs: (a) => Math.abs(a!),
  sign: (a) => Math.sign(a!),
  floor: (a) => Math.floor(a!),
  ceil: (a) => Math.ceil(a!),
  round: (a) => {
    const below = Math.floor(a!);
    const rest = a! - below;
    return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
  },
  sin: (a) => Math.sin(a!),
  cos: (a) => Math.cos(a!),
  tanh: (a) => Math.tanh(a!),
  sigmoid: (a) => (a! >= 0 ? 1 / (1 + Math.exp(-a!)) : Math.exp(a!) / (1 + Math.exp(a!))),
  erf: (a) => errorFunction(a!),
  less: (a, b) => truth(a! < b!),
  less_equal: (a, b) => truth(a! <= b!),
  equal: (a, b) => truth(a === b),
  not_equal: (a, b) => truth(a !== b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
  select: (c, a, b) => (c !== 0 ? a! : b!),
  multiplyAdd: (a, b, c) => Math.fround(a! * b!) + c!,
  flush: (a) => (Math.abs(a!) < 2 ** -126 ? 0 : a!),
};

/** By Simpson's rule over 2,000 pieces; erf(6) is 1 in double. */
export function errorFunction(x: number): number {
  if (Number.isNaN(x)) return x;
  const end = Math.min(Math.abs(x), 6);
  const pieces = 2000;
  const h = end / pieces;
  let total = 0;
  for (let i = 0; i <= pieces; i++) {
    const weight = i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2;
    total += weight * Math.exp(-((i * h) ** 2));
  }
  return (Math.sign(x) * 2 * total * h) / 3 / Math.sqrt(Math.PI);
}
