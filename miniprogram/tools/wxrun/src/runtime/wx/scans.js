/** Answers for wx.scanCode, scripted by a test. @type {any[]} */
export const scans = [];
