/** Owns how the page is served and built: `.nn` files can be imported. */
import nnc from "nnc/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [nnc()] });
