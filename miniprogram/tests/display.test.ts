import { beforeEach, expect, it, vi } from "vitest";
import { device, stored } from "./fake-uni";

let systemDisplay = { isDark: false, fontScale: 1 };
let changeTheme: (isDark: boolean) => void;
const paintFrame = vi.fn();
const loadFont = vi.fn();

beforeEach(() => {
  paintFrame.mockReset();
  loadFont.mockReset();
  systemDisplay = { isDark: false, fontScale: 1 };
  vi.doMock("@/platform", () => ({
    platform: {
      systemDisplay: () => systemDisplay,
      onThemeChange: (listener: typeof changeTheme) => (changeTheme = listener),
      paintFrame,
      loadFont,
    },
  }));
});

async function start() {
  const module = await import("@/stores/display");
  module.watchSystemDisplay();
  return module;
}

it("follows the system's colours, also when they change", async () => {
  systemDisplay.isDark = true;
  const { display } = await start();
  expect(display.isDark).toBe(true);
  changeTheme(false);
  expect(display.isDark).toBe(false);
});

it("keeps the colours that the person chose", async () => {
  const { display } = await start();
  display.theme = "dark";
  changeTheme(false);
  expect(display.isDark).toBe(true);
  display.theme = "light";
  changeTheme(true);
  expect(display.isDark).toBe(false);
  expect(stored("theme")).toBe("light");
});

it("remembers every choice on the device", async () => {
  const first = await start();
  first.display.isElder = true;
  first.display.isMongolian = true;
  vi.resetModules();
  const { display } = await start();
  expect(display).toMatchObject({ isElder: true, isMongolian: true, theme: "system" });
});

it("starts as usual where what was kept cannot be read", async () => {
  device.storage.set("sain.elder", "{broken");
  expect((await start()).display.isElder).toBe(false);
});

it.each([
  [0.8, 1],
  [1, 1],
  [1.4, 1.4],
  [3, 2],
])("takes the device's size of text %f as %f", async (fontScale, taken) => {
  systemDisplay.fontScale = fontScale;
  expect((await start()).display.fontScale).toBe(taken);
});

it("paints behind the pages in the colours of the pages", async () => {
  const module = await start();
  module.paintFrame();
  expect(paintFrame).toHaveBeenLastCalledWith(false, "#f5f7f4");
  module.display.theme = "dark";
  module.paintFrame();
  expect(paintFrame).toHaveBeenLastCalledWith(true, "#121715");
});

it("fetches the Mongolian letters once", async () => {
  const { loadMongolianFont } = await start();
  loadMongolianFont("https://sain.example.cn");
  loadMongolianFont("https://sain.example.cn");
  expect(loadFont).toHaveBeenCalledOnce();
});
