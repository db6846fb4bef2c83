/** A recount of the whole ledger on this device, as the page shows it. */

import { reactive, ref, shallowRef } from "vue";
import { Problem, asProblem } from "@/api/problem";
import { downloadLedgerFile, getLedger } from "@/domains/ledger/api";
import { fromBase64, toBase64 } from "@/domains/ledger/bytes";
import { compare, type Comparison } from "@/domains/ledger/compare";
import { Fault, type FaultCode } from "@/domains/ledger/fault";
import type { Checkpoint } from "@/domains/ledger/note";
import { recount, type Recount } from "@/domains/ledger/recount";
import { kept } from "@/stores/storage";

type Stage = "idle" | "reading" | "comparing" | "done" | "stopped" | "failed";

interface KeptCheckpoint {
  origin: string;
  size: number;
  root: string;
}

export type Recounting = ReturnType<typeof useRecounting>;

const TOO_MANY = 429;
const USUAL_PAUSE_SECONDS = 5;

// The latest log that was found whole here: whatever comes later must have grown from it.
const lastWhole = kept<KeptCheckpoint | null>("ledger-checkpoint", null);

export function useRecounting() {
  const stage = ref<Stage>("idle");
  const read = ref(0);
  const size = ref(0);
  const hasGrown = ref(false);
  const comparisons = shallowRef<Comparison[]>([]);
  const fault = ref<FaultCode | null>(null);
  const problem = shallowRef<Problem | null>(null);
  let latest = 0;

  async function start(): Promise<void> {
    const mine = ++latest;
    const isStopped = () => mine !== latest;
    stage.value = "reading";
    read.value = size.value = 0;
    comparisons.value = [];
    fault.value = problem.value = null;
    try {
      await run(isStopped);
    } catch (error) {
      if (isStopped()) return;
      stage.value = "failed";
      if (error instanceof Fault) fault.value = error.code;
      else problem.value = asProblem(error);
    }
  }

  async function run(isStopped: () => boolean): Promise<void> {
    const { verifier_key: verifierKey, origin } = await getLedger();
    const known = knownOf(origin);
    const onProgress = (now: number, all: number) => {
      read.value = now;
      size.value = all;
    };
    const download = (path: string) => patiently(path, isStopped);
    const counted = await recount({ verifierKey, download, known, onProgress, isStopped });
    if (!counted || isStopped()) return;
    keep(counted.checkpoint);
    hasGrown.value = known !== null;
    stage.value = "comparing";
    const compared = await compareAll(counted);
    if (isStopped()) return;
    comparisons.value = compared;
    size.value = counted.checkpoint.size;
    stage.value = "done";
  }

  function stop(): void {
    if (stage.value !== "reading" && stage.value !== "comparing") return;
    latest++;
    stage.value = "stopped";
  }

  return reactive({
    stage,
    read,
    size,
    hasGrown,
    comparisons,
    fault,
    problem,
    start,
    stop,
  });
}

/** One after the other: a page of campaigns is no hurry, and the server has others to answer. */
async function compareAll({ campaigns }: Recount): Promise<Comparison[]> {
  const compared: Comparison[] = [];
  for (const campaign of campaigns) compared.push(await compare(campaign));
  return compared;
}

/** Waits when the server asks for patience, as it does of who asks for very much. */
async function patiently(path: string, isStopped: () => boolean): Promise<Uint8Array> {
  for (;;) {
    try {
      return await downloadLedgerFile(path);
    } catch (error) {
      const refusal = asProblem(error);
      if (refusal.status !== TOO_MANY || isStopped()) throw refusal;
      const seconds = refusal.retryAfterSeconds ?? USUAL_PAUSE_SECONDS;
      await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    }
  }
}

function knownOf(origin: string): Checkpoint | null {
  const given = lastWhole.value;
  const root = given?.origin === origin ? fromBase64(given.root) : null;
  return given && root ? { origin, size: given.size, root } : null;
}

function keep({ origin, size, root }: Checkpoint): void {
  lastWhole.value = { origin, size, root: toBase64(root) };
}
