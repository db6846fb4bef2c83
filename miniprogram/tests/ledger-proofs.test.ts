import { describe, expect, it } from "vitest";
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8 } from "@/domains/ledger/bytes";
import { GrowingTree, leafHash, rootOfProof } from "@/domains/ledger/merkle";
import { fingerprint, openCheckpoint, openNote, parseVerifierKey } from "@/domains/ledger/note";
import { checkInclusion, parseProof } from "@/domains/ledger/proof";
import { bundlePath, splitBundle } from "@/domains/ledger/tiles";
import { ALog } from "./a-log";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

// The reference vectors of RFC 6962's own implementation (google/certificate-transparency).
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(bytes);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const PATHS: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
  ],
  [
    5,
    8,
    [
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
  ],
  [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
  [
    1,
    5,
    [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
  ],
];

// The example of golang.org/x/mod/sumdb/note.
const GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\n" +
  "then you don't know what your problem is.\n";
const GO_SIGNATURE =
  "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

describe("bytes", () => {
  it.each(["", "a", "投票", "ᠮᠣᠩᠭᠣᠯ", "😀 x"])("write and read %j as UTF-8", (text) => {
    expect([...toUtf8(text)]).toEqual([...Buffer.from(text)]);
    expect(fromUtf8(Buffer.from(text))).toBe(text);
  });

  it("refuse what is no UTF-8", () => {
    expect(() => fromUtf8(bytes("ff00"))).toThrow(URIError);
  });

  it("write and read Base64 of every length", () => {
    for (let length = 0; length < 70; length++) {
      const some = Uint8Array.from({ length }, (_, place) => (place * 37 + length) & 255);
      const text = Buffer.from(some).toString("base64");
      expect(toBase64(some)).toBe(text);
      expect(fromBase64(text)).toEqual(some);
    }
  });

  it.each(["A", "AA", "AB==", "AA=A", "A===", "AAA-", "AAAA ", "A\nAA"])(
    "take %j for no Base64",
    (text) => {
      expect(fromBase64(text)).toBeNull();
    },
  );
});

describe("a Merkle tree", () => {
  it("has the known roots while it grows", () => {
    const tree = new GrowingTree();
    const roots = [toHex(tree.root())];
    for (const leaf of LEAVES) {
      tree.append(leafHash(leaf));
      roots.push(toHex(tree.root()));
    }
    expect(roots).toEqual(ROOTS);
  });

  it.each(PATHS)("proves leaf %i of %i by the known path", (index, size, path) => {
    const place = { index, size, path: path.map(bytes) };
    const leaf = leafHash(LEAVES[index] as Uint8Array);
    expect(toHex(rootOfProof(leaf, place) as Uint8Array)).toBe(ROOTS[size]);
  });

  it.each([
    ["another leaf", { leaf: 1 }],
    ["another place", { index: 4 }],
    ["a place beyond the end", { index: 8 }],
    ["a negative place", { index: -1 }],
    ["another size", { size: 6 }],
    ["a much larger tree", { size: 900 }],
    ["a step too few", { steps: 2 }],
    ["a step too many", { steps: 4 }],
    ["a flipped bit", { flipped: 1 }],
  ] as [string, Record<string, number>][])(
    "proves nothing of %s",
    (_, { leaf = 5, index = 5, size = 8, steps = 3, flipped }) => {
      const path = [...(PATHS[2] as (typeof PATHS)[0])[2], "00".repeat(32)].map(bytes);
      if (flipped !== undefined) (path[flipped] as Uint8Array)[7] ^= 1;
      const place = { index, size, path: path.slice(0, steps) };
      const root = rootOfProof(leafHash(LEAVES[leaf] as Uint8Array), place);
      expect(root && toHex(root)).not.toBe(ROOTS[8]);
    },
  );

  it("proves every leaf of trees of many sizes, as the definition has it", () => {
    const log = new ALog();
    for (let size = 1; size <= 40; size++) {
      log.add({ type: "event", campaign: 1, size });
      for (let index = 0; index < size; index++) {
        const place = { index, size, path: log.path(index) };
        const leaf = leafHash(toUtf8(log.records[index] as string));
        expect(rootOfProof(leaf, place)).toEqual(new Uint8Array(log.root()));
      }
    }
  });
});

describe("a signed note", () => {
  const key = parseVerifierKey(GO_KEY);
  const note = (text = GO_TEXT, name = "PeterNeumann", signature = GO_SIGNATURE) =>
    `${text}\n— ${name} ${signature}\n`;

  it("opens for the key that signed it, among others' signatures too", () => {
    expect(openNote(note(), key)).toBe(GO_TEXT);
    expect(openNote(`${note()}— witness.example ${btoa("12345678")}\n`, key)).toBe(GO_TEXT);
  });

  it.each([
    ["a changed word", note(GO_TEXT.replace("answer", "Answer"))],
    [
      "a changed signature",
      note(GO_TEXT, "PeterNeumann", GO_SIGNATURE.replace("Zy", "Zz").replace("S9", "S8")),
    ],
    ["another's name", note(GO_TEXT, "Somebody")],
    ["a short signature", note(GO_TEXT, "PeterNeumann", btoa("12345678"))],
    ["no signature", GO_TEXT],
    ["a cut end", note().slice(0, -1)],
    ["a line between the signatures", `${note()}x\n`],
  ])("stays closed with %s", (_, text) => {
    expect(() => openNote(text, key)).toThrow();
  });

  it.each([
    ["nothing", ""],
    ["another's id", GO_KEY.replace("c74f20a3", "c74f20a4")],
    ["another kind of key", GO_KEY.replace("+ARpc", "+Ahpc")],
    ["a cut key", GO_KEY.slice(0, -4)],
  ])("has no key of %s", (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow();
  });

  it("names its key by a few groups of digits", () => {
    expect(fingerprint(key)).toMatch(/^([0-9A-F]{4} ){7}[0-9A-F]{4}$/);
  });

  it("holds a checkpoint of the log that its key names", () => {
    const log = new ALog();
    log.add({ type: "event", campaign: 1 });
    const opened = openCheckpoint(log.checkpoint(), parseVerifierKey(log.verifierKey));
    expect(opened).toEqual({
      origin: log.origin,
      size: 1,
      root: new Uint8Array(log.root()),
    });
    const foreign = log.sign(log.checkpoint().split("\n\n")[0]?.replace("sain", "other") + "\n");
    expect(() => openCheckpoint(foreign, parseVerifierKey(log.verifierKey))).toThrow("malformed");
    const odd = log.sign(`${log.origin}\n01\n${toBase64(log.root())}\n`);
    expect(() => openCheckpoint(odd, parseVerifierKey(log.verifierKey))).toThrow("malformed");
  });
});

describe("a proof of inclusion", () => {
  const log = new ALog();
  for (let place = 0; place < 11; place++) log.add({ type: "event", campaign: 1, place });
  const key = parseVerifierKey(log.verifierKey);
  const check = (proof: string, record = log.records[6] as string) =>
    checkInclusion(record, parseProof(proof), key).size;

  it("shows that a record stands at its place under a signed checkpoint", () => {
    expect(check(log.proof(6))).toBe(11);
    expect(check(log.proof(6, 7))).toBe(7);
  });

  it.each([
    ["another record", log.proof(6), log.records[5] as string],
    ["another place", log.proof(6).replace("index 6", "index 7"), undefined],
    ["a lost step", log.proof(6).replace(/index 6\n.*\n/, "index 6\n"), undefined],
    [
      "another's checkpoint",
      log.proof(6).replace(/\n\n[^]*/, `\n\n${log.checkpoint(9)}`),
      undefined,
    ],
    ["a larger checkpoint", log.proof(6).replace(/\n11\n/, "\n12\n"), undefined],
    ["another format", log.proof(6).replace("@v1", "@v2"), undefined],
    ["no index", log.proof(6).replace("index 6\n", ""), undefined],
    ["a hash too short", log.proof(6).replace(/index 6\n.*\n/, "index 6\nAAAA\n"), undefined],
    ["nothing", "", undefined],
  ])("shows nothing with %s", (_, proof, record) => {
    expect(() => check(proof, record)).toThrow();
  });
});

describe("a bundle of records", () => {
  it.each([
    [0, 1, "/tile/entries/000.p/1"],
    [0, 256, "/tile/entries/000"],
    [1, 300, "/tile/entries/001.p/44"],
    [1234067, 1234068 * 256, "/tile/entries/x001/x234/067"],
  ])("%i of %i has its address", (number, size, path) => {
    expect(bundlePath(number, size)).toBe(path);
  });

  it("is split by its lengths, and refused when they do not fit", () => {
    const two = bytes("0001610002" + "6263");
    expect(splitBundle(two, 2).map(fromUtf8)).toEqual(["a", "bc"]);
    expect(() => splitBundle(two, 1)).toThrow("malformed");
    expect(() => splitBundle(two, 3)).toThrow("malformed");
    expect(() => splitBundle(two.subarray(0, 6), 2)).toThrow("malformed");
  });
});
