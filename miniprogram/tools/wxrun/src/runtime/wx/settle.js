/** A call that WeChat refuses; the message comes after `<api>:fail `. */
export class Failure extends Error {
  /** @param {string} message @param {Record<string, any>} [details] e.g. errCode or errno */
  constructor(message, details = {}) {
    super(message);
    this.details = details;
  }
}

/** @typedef {{ success?: (result: any) => void, fail?: (result: any) => void, complete?: (result: any) => void }} Callbacks */

/**
 * An asynchronous call of wx.*: answers through the callbacks, or without any of them as a promise.
 * @param {string} api @param {Callbacks & Record<string, any> | undefined} options
 * @param {() => any} work its result is what success gets, besides errMsg
 * @returns {Promise<any> | undefined}
 */
export function settle(api, options, work) {
  const { success, fail, complete } = options ?? {};
  const outcome = attempt(api, work);
  if (!success && !fail && !complete) {
    return outcome.then(({ isOk, result }) => (isOk ? result : Promise.reject(result)));
  }
  void outcome.then(({ isOk, result }) => {
    try {
      (isOk ? success : fail)?.(result);
    } finally {
      complete?.(result);
    }
  });
  return undefined;
}

async function attempt(/** @type {string} */ api, /** @type {() => any} */ work) {
  try {
    const result = await work();
    return { isOk: true, result: { errMsg: `${api}:ok`, ...result } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { isOk: false, result: { errMsg: `${api}:fail ${error.message}`, ...error.details } };
  }
}
