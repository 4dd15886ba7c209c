/** The little of Node's crypto that tests compare the page's own arithmetic with; the page has no types of Node. */
declare module "node:crypto" {
  interface Digest extends Uint8Array {
    readBigUInt64BE(offset: number): bigint;
  }
  interface Hash {
    update(text: string): Hash;
    digest(): Digest;
    digest(encoding: "hex"): string;
  }
  export function createHash(algorithm: "sha256"): Hash;
}
