/** WeChat puts no element of its own around these components, so that layouts see their root. */
export const virtualHost = { virtualHost: true, styleIsolation: "apply-shared" };
