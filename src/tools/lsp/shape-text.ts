/** Owns how shapes are shown in hints and lists. */

/** Of floats the shape alone; anything else is told whole. */
export function shapeText(text: string): string {
  return text.replace(/(^|, )float\[/g, "$1[");
}
