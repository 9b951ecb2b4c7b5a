/**
 * Owns `nnc/client`: types for imports of `.nn` files that have no exact ones beside them: `/// <reference types="nnc/client" />`, or
 * `"types": ["nnc/client"]` in `tsconfig.json`. Where `digits.d.nn.ts` exists, TypeScript takes that.
 */
declare module "*.nn";
