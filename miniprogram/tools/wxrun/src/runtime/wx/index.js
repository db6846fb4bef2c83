import { components } from "../components/index.js";
import * as account from "./account.js";
import * as device from "./device.js";
import * as feedback from "./feedback.js";
import * as files from "./files.js";
import * as intersections from "./intersections.js";
import { KNOWN_APIS } from "./known-apis.js";
import * as misc from "./misc.js";
import * as navigation from "./navigation.js";
import * as network from "./network.js";
import * as privacy from "./privacy.js";
import * as queries from "./queries.js";
import * as storage from "./storage.js";
import { reportLater } from "../shared.js";

const { fileSystem: _, ...fileCalls } = files;
const { authorizePrivacy: _1, noteAgreeButton: _2, ...privacyCalls } = privacy;
const { findNodes: _3, elementOf: _4, placeOf: _5, ...queryCalls } = queries;
const OPEN_TYPES = [
  "getPhoneNumber",
  "getRealtimePhoneNumber",
  "share",
  "contact",
  "agreePrivacyAuthorization",
  "openSetting",
  "feedback",
];

/**
 * The wx of the mini-program. What WeChat has and the runtime lacks is there, as on a phone, but
 * throws an error with its name when it is called; what WeChat does not have is undefined.
 * @returns {Record<string, any>}
 */
export function makeWx() {
  const calls = {
    ...account,
    ...device,
    ...feedback,
    ...fileCalls,
    ...intersections,
    ...misc,
    ...navigation,
    ...network,
    ...privacyCalls,
    ...queryCalls,
    ...storage,
    canIUse,
  };
  const lacking = KNOWN_APIS.filter((name) => !(name in calls));
  const refusals = Object.fromEntries(lacking.map((name) => [name, refuse(name)]));

  /** @param {string} schema e.g. button.open-type.getPhoneNumber */
  function canIUse(schema) {
    const [name, attribute, value] = schema.split(".");
    if (name in components)
      return attribute !== "open-type" || !value || OPEN_TYPES.includes(value);
    return name in calls;
  }
  return { ...refusals, ...calls };
}

/** Seen even when the caller catches it: a test must not pass on something that does nothing. */
function refuse(/** @type {string} */ name) {
  return () => {
    const error = new Error(`wxrun: wx.${name} is not implemented; add it under src/runtime/wx`);
    reportLater(error);
    throw error;
  };
}
