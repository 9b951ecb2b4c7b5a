/** Owns the list of examples that are trained and measured. */
import type { Example } from "./example.ts";
import { forecasting } from "./forecasting.ts";
import { generative } from "./generative.ts";
import { scenes } from "./scenes.ts";
import { tables } from "./tables.ts";
import { texts } from "./texts.ts";
import { vision } from "./vision.ts";

export const examples: readonly Example[] = [
  ...tables,
  ...vision,
  ...texts,
  ...forecasting,
  ...generative,
  ...scenes,
];
