/** Owns the way from bytes in the module's text to running WebAssembly, without asking for any library's types. */
import { remainder } from "./arithmetic.ts";
import { type Arena, arenaOver, type Routine } from "./session.ts";
import type { Plan } from "./plan.ts";

interface WebAssemblyHost {
  readonly Memory: new (size: { initial: number; maximum: number; shared?: boolean }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, Routine> };
}

export function webAssembly(): WebAssemblyHost {
  return (globalThis as unknown as { WebAssembly: WebAssemblyHost }).WebAssembly;
}

export function sharedArena(plan: Plan): Arena {
  const pages = Math.max(1, Math.ceil((plan.arena * plan.width) / 65536));
  const memory = new (webAssembly().Memory)({ initial: pages, maximum: pages });
  return arenaOver(plan, memory.buffer, memory);
}

export function instantiate(text: string, arena: Arena): Readonly<Record<string, Routine>> {
  return instantiateModule(new (webAssembly().Module)(bytesOf(text)), arena);
}

/** Of a module that is compiled already. */
export function instantiateModule(module: object, arena: Arena): Readonly<Record<string, Routine>> {
  const { sin, cos, pow } = Math;
  const env = { memory: arena.memory, sin, cos, pow, remainder };
  return new (webAssembly().Instance)(module, { env }).exports;
}

/** Decodes base64. */
export function bytesOf(text: string): Uint8Array {
  const { atob } = globalThis as unknown as { atob(text: string): string };
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
