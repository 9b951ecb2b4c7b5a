/** Owns bytes as text. */

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648, section 4. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += letters[bits >> 18]! + letters[(bits >> 12) & 63]!;
    text +=
      (b === undefined ? "=" : letters[(bits >> 6) & 63]!) + (c === undefined ? "=" : letters[bits & 63]!);
  }
  return text;
}
