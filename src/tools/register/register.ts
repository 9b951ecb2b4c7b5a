/** Owns `nnc/register`: `node --import nnc/register app.js` lets Node import `.nn` files. */
import { register } from "node:module";

process.setSourceMapsEnabled(true);
register("nnc/register-hooks", import.meta.url);
