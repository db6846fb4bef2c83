import { toast } from "@/components/toasts";
import type { BallotDecision, DecidableState, GroupDecision, Outcome } from "./screening";

/** What can be decided about ballots, in words. */

export interface Asked {
  decision: GroupDecision;
  ballots: number;
  /** How many one person may annul alone. */
  alone: number;
}

interface Words {
  /** What the button says. */
  verb: string;
  done: string;
  isDangerous: boolean;
  /** The reason goes into the public ledger. */
  isPublic: boolean;
  /** Reasons that fit most cases; alike reasons are counted together in public. */
  reasons: string[];
}

export const DECISIONS: Record<GroupDecision, Words> = {
  release: {
    verb: "恢复计票",
    done: "已恢复计票",
    isDangerous: false,
    isPublic: true,
    reasons: ["经核查为正常投票", "同一单位共用网络，属正常投票", "证据不足，恢复计票"],
  },
  annul: {
    verb: "作废",
    done: "已作废",
    isDangerous: true,
    isPublic: true,
    reasons: ["经核查为集中刷票", "大量新账号短时间集中投票", "程序自动投票"],
  },
  quarantine: {
    verb: "列入待核",
    done: "已列入待核",
    isDangerous: false,
    isPublic: true,
    reasons: ["同一来源短时间大量投票", "多个账号投票方式雷同"],
  },
  dismiss: {
    verb: "忽略线索",
    done: "已忽略这条线索",
    isDangerous: false,
    isPublic: false,
    reasons: ["同一单位共用网络，属正常投票", "证据不足"],
  },
};

/** Whether one person alone cannot do it. */
export function needsSecond({ decision, ballots, alone }: Asked): boolean {
  return decision === "annul" && ballots > alone;
}

export function consequenceOf(asked: Asked): string {
  const { ballots, alone } = asked;
  const annulment = `这 ${ballots} 票不再计入票数，投票人会收到通知。`;
  const sentences: Record<GroupDecision, string> = {
    release: `这 ${ballots} 票马上重新计入票数，投票人会收到通知；同样的情形不会再被拦下。`,
    annul: needsSecond(asked)
      ? `${annulment}一次作废超过 ${alone} 票要两个人同意：提交后由另一位工作人员确认，确认以前这些票的状态不变。`
      : `${annulment}本人可以提出异议。`,
    quarantine: `这 ${ballots} 票暂不计入票数，投票人会收到“有票待核”的通知，不影响继续投票。之后请逐一核查。`,
    dismiss: `这 ${ballots} 票照常计票，线索移到“已忽略”。`,
  };
  return sentences[asked.decision];
}

/** Reasons are one line; a text field does not know. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

const NUMBERS = /\d{7,}/;
const TITLES = /(医生|大夫|护士|主任|先生|女士|同志)/;

/** What is wrong with a reason that everybody will read. */
export function checkReason(reason: string): string | false {
  if (!reason.trim()) return "请写明理由。";
  if (NUMBERS.test(reason)) return "好像有电话或证件号码。理由会公开，请去掉能认出人的内容。";
  return TITLES.test(reason) && "好像提到了某个人。理由会公开，请只写看到的事实。";
}

export function tellOutcome(asked: Asked, { proposal_id: proposal }: Outcome): void {
  if (proposal === null) toast(DECISIONS[asked.decision].done);
  else toast("已提请第二人确认，确认以前不变", "info");
}

const DECIDED_IN: Record<BallotDecision, DecidableState[]> = {
  release: ["quarantined", "annulled"],
  annul: ["quarantined", "released"],
};

/**
 * Of the chosen ballots those that can be decided so together: they must be in one state, and those
 * that await review go first.
 */
export function decidable<Ballot extends { state: string }>(
  ballots: Ballot[],
  decision: BallotDecision,
): { state: DecidableState; ballots: Ballot[] } {
  const found = DECIDED_IN[decision].map((state) => ({
    state,
    ballots: ballots.filter((ballot) => ballot.state === state),
  }));
  return found.find((each) => each.ballots.length > 0) ?? { state: "quarantined", ballots: [] };
}
