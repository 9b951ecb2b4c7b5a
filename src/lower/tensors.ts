/** Owns the tensors that routines share: ports, parameters, states, gradients and results, each once for its name. */
import type { GraphFunction, Value } from "../ir/graph.ts";
import type { BufferRole } from "../ir/loops.ts";
import type { TensorType } from "../ir/type.ts";
import { type Assignment, isBatched, shapeAtCapacity, type Sizes } from "./assignment.ts";
import type { Tensor } from "./tensor.ts";
import type { Axis, Place } from "./term.ts";

/** Hands out one tensor for each role and name. */
export class SharedTensors {
  readonly #sizes: Sizes;
  readonly #known = new Map<string, Tensor>();

  constructor(sizes: Sizes) {
    this.#sizes = sizes;
  }

  of(role: BufferRole, name: string, type: TensorType): Tensor {
    const key = `${role.kind} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.make(role, name, type);
    this.#known.set(key, made);
    return made;
  }

  /** A tensor of its own. */
  make(role: BufferRole, name: string, type: TensorType): Tensor {
    return {
      name,
      element: type.element.kind === "index" ? "index" : "float",
      shape: shapeAtCapacity(type.shape, this.#sizes),
      batched: isBatched(type.shape),
      role,
      replaces: null,
    };
  }
}

/** The arguments of a function as shared tensors. */
export function argumentTensors(fn: GraphFunction, shared: SharedTensors): Map<Value, Tensor> {
  const tensors = new Map<Value, Tensor>();
  for (const { role, value } of fn.arguments) {
    switch (role.kind) {
      case "input":
      case "target":
      case "parameter":
      case "state":
      case "constant":
        tensors.set(value, shared.of({ kind: role.kind, name: role.name }, role.name, value.type));
        break;
      default:
        throw new Error(`an argument of role ${role.kind} has no place in ${fn.name}`);
    }
  }
  return tensors;
}

/** Loops over the tensor. */
export function axesOver(tensor: Tensor): readonly Axis[] {
  return tensor.shape.map((extent, i): Axis => ({
    name: i === 0 && tensor.batched ? "b" : "ijklm"[i]!,
    extent,
    counted: i === 0 && tensor.batched,
  }));
}

/** `target = source`, element by element. */
export function copyAssignment(target: Tensor, source: Tensor, like: Assignment["frame"]): Assignment {
  const axes = axesOver(target);
  const at = axes.map((axis): Place => ({ kind: "axis", axis }));
  const value = { kind: "read", tensor: source, at } as const;
  return { target, axes, at, scatter: false, zeroed: false, value, operation: "copy", frame: like };
}
