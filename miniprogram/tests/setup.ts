import { beforeEach, vi } from "vitest";
import { resetUni, uni } from "./fake-uni";

vi.stubGlobal("uni", uni);

// What floats is TDesign's: here only whether it is there.
vi.mock("@tdesign/uniapp/popup/popup.vue", () => ({
  default: { props: ["visible"], template: `<div v-if="visible"><slot /></div>` },
}));

// Stores live as long as the app: each test starts it anew.
beforeEach(() => {
  resetUni();
  vi.resetModules();
});
