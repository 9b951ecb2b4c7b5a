/** Owns parameters as a caller sees them: by name, row-major, whatever order the arena keeps. */
import { readTensor, sizeOf, writeTensor } from "./layout.ts";
import type { Floats, Plan } from "./plan.ts";
import type { Session } from "./session.ts";

export interface ParameterInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The list of parameters, with access by name. */
export interface Parameters<Values = Floats> extends ReadonlyArray<ParameterInfo> {
  /** A row-major copy. */
  get(name: string): Values;
  /** Takes as many numbers as the parameter has, row-major. */
  set(name: string, values: ArrayLike<number>): void;
}

export function parametersOf(session: Session): Parameters {
  const { plan } = session;
  const list = plan.parameters.map(({ name, shape }) => ({ name, shape }));
  return Object.assign(list, {
    get: (name: string) => readTensor(session, find(plan, name)),
    set: (name: string, values: ArrayLike<number>) => {
      const parameter = find(plan, name);
      const size = sizeOf(parameter.shape);
      if (values.length !== size)
        throw new Error(
          `${name} [${parameter.shape.join(", ")}] takes ${size} numbers, not ${values.length}`,
        );
      writeTensor(session, parameter, values);
    },
  });
}

function find(plan: Plan, name: string) {
  const found = plan.parameters.find((parameter) => parameter.name === name);
  if (found !== undefined) return found;
  const names = plan.parameters.map((parameter) => parameter.name).join(", ");
  throw new Error(`there is no parameter ${name}; there are: ${names}`);
}
