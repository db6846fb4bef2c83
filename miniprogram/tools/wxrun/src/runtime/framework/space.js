import {
  addGlobalErrorListener,
  addGlobalWarningListener,
  Component,
  DataGroup,
} from "glass-easel";
import { MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import { BUILT_IN } from "../../build/elements.mjs";
import { PageContext } from "./context.js";
import { patchMethodCalls } from "./events.js";
import { awaitReady } from "./readiness.js";
import { scopeOf } from "./styles.js";

/** @typedef {import('../../build/source.mjs').Part & { style: string }} Part */

/** The components of a mini-program on glass-easel, defined when their package is first needed. */
export class Space {
  /** @param {{ parts: Part[], templates: Record<string, any>, modules: Record<string, () => void> }} program */
  constructor({ parts, templates, modules }) {
    this.modules = modules;
    /** @type {(import('glass-easel-miniprogram-adapter').ComponentEnv & { path: string }) | undefined} */
    this.running = undefined;
    this.parts = new Map(parts.map((part) => [part.path, part]));
    this.env = new MiniProgramEnv();
    this.code = this.env.createCodeSpace("", true);
    this.backend = this.env.associateBackend(new PageContext());
    /** @type {Map<string, string>} */
    this.isolations = new Map();
    this.#prepare();
    for (const part of parts) {
      this.code.addStyleSheet(part.path, undefined, scopeOf(part.path));
      this.code.addComponentStaticConfig(part.path, part.config);
      this.code.addCompiledTemplate(part.path, {
        groupList: templates,
        content: templates[part.path],
        fallbackListenerOnNativeNode: true,
      });
    }
  }

  #prepare() {
    const space = this.code.getComponentSpace();
    space.updateComponentOptions({ useMethodCallerListeners: true, writeIdToDOM: true });
    for (const tag of BUILT_IN) space.setGlobalUsingComponent(tag, `wx-${tag}`);
    const readiness = space.defineBehavior({
      lifetimes: {
        attached() {
          awaitReady(this._$ ?? this);
        },
      },
    });
    this.code.setOverallBehavior(readiness);
    const prepare = this.code.prepareComponentOptions.bind(this.code);
    this.code.prepareComponentOptions = (path, options) => {
      const [prepared, isolation] = prepare(path, options);
      this.isolations.set(path, isolation);
      // Ids reach the DOM as they are written: labels, scroll targets and tests look for them.
      return [{ ...prepared, idPrefixGenerator: null }, isolation];
    };
  }

  /**
   * Page, Component and Behavior are there from the beginning, because a framework may take hold of
   * them early; what they define is the script that is running.
   */
  installGlobals() {
    const current = () => {
      if (!this.running)
        throw new Error(
          "Page, Component and Behavior may only be called while a page or component is loaded",
        );
      return this.running;
    };
    Object.assign(globalThis, {
      Page: (/** @type {any} */ definition) => {
        this.#noteIsolation(definition?.options);
        return current().Page(definition);
      },
      Component: (/** @type {any[]} */ ...definition) => {
        this.#noteIsolation(definition[0]?.options);
        return /** @type {any} */ (current().Component)(...definition);
      },
      Behavior: Object.assign(
        (/** @type {any[]} */ ...definition) =>
          /** @type {any} */ (current().Behavior)(...definition),
        {
          trait: (/** @type {any[]} */ ...parts) =>
            /** @type {any} */ (current().Behavior).trait(...parts),
        },
      ),
    });
  }

  /** Runs a component's or page's script, whose calls define it. */
  define(/** @type {string} */ path) {
    this.code.componentEnv(path, (running) => {
      this.running = { ...running, path };
      try {
        this.modules[path]();
      } finally {
        this.running = undefined;
      }
    });
  }

  /** WeChat also reads the isolation from the definition; the adapter only from the file. */
  #noteIsolation(/** @type {any} */ options) {
    const path = this.running?.path ?? "";
    const { config, isPage } = this.parts.get(path) ?? {};
    // uni-app asks for addGlobalClass everywhere; a page's classes are global without it.
    const addsGlobal = options?.addGlobalClass && !isPage;
    const styleIsolation = options?.styleIsolation ?? (addsGlobal ? "apply-shared" : undefined);
    if (!config || !styleIsolation || config.styleIsolation) return;
    this.code.addComponentStaticConfig(path, { ...config, styleIsolation });
  }

  /** Whether the component's classes are the page's as well. */
  isShared(/** @type {string} */ path) {
    const isolation = this.isolations.get(path) ?? "";
    return ["shared", "page-shared"].includes(isolation);
  }

  /** The page and every component below it, components first. */
  closure(/** @type {string} */ path, seen = new Set()) {
    if (seen.has(path)) return [];
    seen.add(path);
    const used = Object.values(this.parts.get(path)?.config.usingComponents ?? {});
    return [...used.flatMap((each) => this.closure(each.slice(1), seen)), path];
  }
}

/** What WeChat's framework does beyond glass-easel. */
export function patchFramework(/** @type {(error: unknown) => void} */ report) {
  patchMethodCalls();
  patchHiddenHosts();
  addGlobalErrorListener((error) => {
    report(error);
    return false;
  });
  // uni-app gives these to every component, known there or not; WeChat says nothing about it.
  addGlobalWarningListener((message) => !message.includes('"virtualHost'));
}

/** `hidden` works on every component's host, though no component declares it. */
function patchHiddenHosts() {
  const findProxy = Component.getDataProxy;
  Component.getDataProxy = (/** @type {any} */ component) =>
    Object.assign(findProxy(component), { wxOwner: component });
  const replace = DataGroup.prototype.replaceProperty;
  DataGroup.prototype.replaceProperty = function (
    /** @type {string} */ name,
    /** @type {any} */ value,
  ) {
    const isKnown = replace.call(this, name, value);
    if (isKnown || name !== "hidden") return isKnown;
    this.wxOwner?.getBackendElement()?.toggleAttribute("hidden", Boolean(value));
    return true;
  };
}
