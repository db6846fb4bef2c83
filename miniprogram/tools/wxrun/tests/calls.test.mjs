import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { browsing } from './browser.mjs'
import { SITE, until, usePhones } from './phone.mjs'

/** Calls wx.<api> in the page; the answer of success, or of fail. */
const ask = (page, api, options = {}) =>
  page.evaluate(
    ([name, given]) => new Promise((resolve) => wx[name]({ ...given, success: (answer) => resolve({ answer }), fail: (failure) => resolve({ failure }) })),
    [api, options],
  )

const phones = usePhones()

describe('network', browsing, () => {

  test('a request to the built-in site reaches the page’s own origin, of any status', async () => {
    const page = await phones.open()
    phones.answers['/api/echo'] = ({ method, path, headers, body }) => ({ status: 422, body: { method, path, token: headers.authorization, type: headers['content-type'], body } })
    const { answer } = await ask(page, 'request', { url: `${SITE}/api/echo`, method: 'POST', data: { a: 1 }, header: { Authorization: 'Bearer x' } })
    assert.equal(answer.statusCode, 422)
    assert.equal(answer.header['content-type'], 'application/json')
    assert.deepEqual(answer.data, { method: 'POST', path: '/api/echo', token: 'Bearer x', type: 'application/json', body: '{"a":1}' })
    const got = await ask(page, 'request', { url: `${SITE}/api/echo?x=1`, data: { y: '二' } })
    assert.equal(got.answer.data.path, '/api/echo?x=1&y=%E4%BA%8C')
    const form = await ask(page, 'request', { url: `${SITE}/api/echo`, method: 'PUT', data: { y: 2 }, header: { 'Content-Type': 'application/x-www-form-urlencoded' } })
    assert.equal(form.answer.data.body, 'y=2')
  })

  test('the address of the runner may name another site', async () => {
    const page = await phones.open('?site=https://other.example')
    phones.answers['/a'] = () => ({ body: 'text' })
    assert.equal((await ask(page, 'request', { url: 'https://other.example/a' })).answer.data, 'text')
    assert.match((await ask(page, 'request', { url: `${SITE}/a` })).failure.errMsg, /^request:fail url not in domain list/)
  })

  test('no other host, no relative address', async () => {
    const page = await phones.open()
    assert.equal((await ask(page, 'request', { url: 'https://evil.example/x' })).failure.errMsg, 'request:fail url not in domain list:https://evil.example')
    assert.equal((await ask(page, 'request', { url: '/api' })).failure.errMsg, 'request:fail invalid url "/api"')
  })

  test('a slow answer times out, and a request can be aborted', async () => {
    const page = await phones.open()
    phones.answers['/slow'] = () => ({ wait: 500 })
    assert.equal((await ask(page, 'request', { url: `${SITE}/slow`, timeout: 50 })).failure.errMsg, 'request:fail timeout')
    const aborted = await page.evaluate((url) => new Promise((resolve) => {
      const task = wx.request({ url, fail: resolve })
      setTimeout(() => task.abort(), 20)
    }), `${SITE}/slow`)
    assert.equal(aborted.errMsg, 'request:fail abort')
    await page.waitForTimeout(20)
  })

  test('without callbacks a call is a promise', async () => {
    const page = await phones.open()
    phones.answers['/a'] = () => ({ body: { ok: true } })
    assert.deepEqual(await page.evaluate((url) => wx.request({ url }).then((each) => each.data), `${SITE}/a`), { ok: true })
    assert.match(await page.evaluate(() => wx.request({ url: 'x' }).catch((each) => each.errMsg)), /^request:fail/)
  })

  test('bytes, files down, files up', async () => {
    const page = await phones.open()
    phones.answers['/file'] = () => ({ type: 'application/pdf', body: 'PDF!' })
    phones.answers['/up'] = ({ headers, body }) => ({ body: { type: headers['content-type'].split(';')[0], hasFile: body.includes('PDF!') && body.includes('name="doc"') && body.includes('note') } })
    const bytes = await page.evaluate((url) => new Promise((resolve) => wx.request({ url, responseType: 'arraybuffer', success: ({ data }) => resolve(wx.arrayBufferToBase64(data)) })), `${SITE}/file`)
    assert.equal(bytes, 'UERGIQ==')
    const { answer } = await ask(page, 'downloadFile', { url: `${SITE}/file` })
    assert.match(answer.tempFilePath, /^http:\/\/tmp\/\d+\.pdf$/)
    const up = await ask(page, 'uploadFile', { url: `${SITE}/up`, filePath: answer.tempFilePath, name: 'doc', formData: { note: 'x' } })
    assert.deepEqual(JSON.parse(up.answer.data), { type: 'multipart/form-data', hasFile: true })
    await ask(page, 'openDocument', { filePath: answer.tempFilePath, fileType: 'pdf' })
    assert.deepEqual(await page.evaluate(() => wxrun.calls), [{ api: 'openDocument', options: { filePath: answer.tempFilePath, fileType: 'pdf', size: 4, type: 'application/pdf' } }])
    assert.match((await ask(page, 'openDocument', { filePath: 'http://tmp/none' })).failure.errMsg, /^openDocument:fail no such file/)
    await phones.phone.page.waitForTimeout(10)
  })

  test('files are written, read and chosen', async () => {
    const page = await phones.open('?privacy=agreed')
    const text = await page.evaluate(() => new Promise((resolve) => {
      const files = wx.getFileSystemManager()
      const filePath = `${wx.env.USER_DATA_PATH}/a.txt`
      files.writeFile({ filePath, data: '你好', success: () => files.readFile({ filePath, encoding: 'utf8', success: ({ data }) => resolve(data) }) })
    }))
    assert.equal(text, '你好')
    await assert.rejects(page.evaluate(() => wx.getFileSystemManager().mkdir({})), /FileSystemManager\.mkdir is not implemented/)
    const chooser = page.waitForEvent('filechooser')
    const chosen = ask(page, 'chooseMedia', { count: 1, mediaType: ['image'] })
    await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('x') })
    const [file] = (await chosen).answer.tempFiles
    assert.deepEqual([file.size, file.fileType], [1, 'image'])
  })
})

describe('storage and device', browsing, () => {

  test('storage keeps types, and its own keys only', async () => {
    const page = await phones.open()
    const kept = await page.evaluate(() => {
      localStorage.setItem('other', '1')
      const values = { text: '1', number: 0, list: [1, { a: null }], flag: false, nothing: undefined }
      for (const [key, value] of Object.entries(values)) wx.setStorageSync(key, value)
      wx.setStorageSync('moment', new Date(5))
      wx.removeStorageSync('flag')
      return { ...Object.fromEntries(['text', 'number', 'list', 'flag', 'never'].map((key) => [key, wx.getStorageSync(key)])), moment: wx.getStorageSync('moment').getTime(), keys: wx.getStorageInfoSync().keys.toSorted() }
    })
    assert.deepEqual(kept, { text: '1', number: 0, list: [1, { a: null }], flag: '', never: '', moment: 5, keys: ['list', 'moment', 'nothing', 'number', 'text'] })
    assert.deepEqual((await ask(page, 'getStorage', { key: 'number' })).answer, { errMsg: 'getStorage:ok', data: 0 })
    assert.equal((await ask(page, 'getStorage', { key: 'never' })).failure.errMsg, 'getStorage:fail data not found')
    await page.reload()
    assert.equal(await page.evaluate(() => wx.getStorageSync('text')), '1')
    await page.evaluate(() => wx.clearStorageSync())
    assert.deepEqual(await page.evaluate(() => [wx.getStorageInfoSync().keys, localStorage.getItem('other')]), [[], '1'])
  })

  test('the phone and the person’s settings', async () => {
    const page = await phones.open('?theme=dark&fontScale=1.5')
    const facts = () => page.evaluate(() => ({ ...wx.getSystemInfoSync(), menu: wx.getMenuButtonBoundingClientRect(), appId: wx.getAccountInfoSync().miniProgram.appId }))
    const { theme, fontSizeScaleFactor, fontSizeSetting, windowWidth, windowHeight, menu, appId } = await facts()
    assert.deepEqual([theme, fontSizeScaleFactor, fontSizeSetting, windowWidth, windowHeight], ['dark', 1.5, 24, 375, 720 - 64 - 51])
    assert.deepEqual([menu.right, appId], [368, 'wxfixture0000000001'])
    await page.evaluate(() => {
      wx.onThemeChange(({ theme: now }) => (getApp().theme = now))
      wxrun.setTheme('light')
      wxrun.setFontScale(2)
    })
    assert.equal(await page.evaluate(() => getApp().theme), 'light')
    assert.deepEqual(await facts().then((each) => [each.theme, each.fontSizeScaleFactor]), ['light', 2])
  })

  test('the network comes and goes', async () => {
    const page = await phones.open()
    await page.evaluate(() => wx.onNetworkStatusChange((state) => (getApp().network = state)))
    await page.context().setOffline(true)
    await until(page, () => getApp().network, { isConnected: false, networkType: 'none' })
    assert.equal((await ask(page, 'getNetworkType')).answer.networkType, 'none')
    assert.equal((await ask(page, 'request', { url: `${SITE}/a` })).failure.errMsg, 'request:fail net::ERR_FAILED')
    await page.context().setOffline(false)
    await until(page, () => getApp().network.isConnected, true)
  })

  test('calls out of the page are noted, and a scan answered', async () => {
    const page = await phones.open('?privacy=agreed')
    await ask(page, 'makePhoneCall', { phoneNumber: '12345' })
    await ask(page, 'setClipboardData', { data: '抄' })
    assert.equal((await ask(page, 'getClipboardData')).answer.data, '抄')
    assert.deepEqual(await page.evaluate(() => wxrun.calls.map((each) => each.api)), ['makePhoneCall', 'setClipboardData'])
    await page.evaluate(() => { wxrun.scan('码'); wxrun.scan({ cancel: true }) })
    assert.equal((await ask(page, 'scanCode')).answer.result, '码')
    assert.equal((await ask(page, 'scanCode')).failure.errMsg, 'scanCode:fail cancel')
    await page.evaluate(() => void wx.scanCode({}))
    await phones.expectFault(/no scripted answer/)
  })

  test('what can be used is told truly', async () => {
    const page = await phones.open()
    const told = await page.evaluate(() => ['request', 'startBeaconDiscovery', 'button.open-type.getPhoneNumber', 'button.open-type.liveActivity', 'nonsense'].map((each) => wx.canIUse(each)))
    assert.deepEqual(told, [true, false, true, false, false])
    assert.deepEqual(await page.evaluate(() => [typeof wx.startBeaconDiscovery, typeof wx.nonsense]), ['function', 'undefined'])
  })
})

describe('WeChat’s own surfaces', browsing, () => {

  test('toasts, loading, titles', async () => {
    const page = await phones.open()
    await ask(page, 'showToast', { title: '成了', duration: 1500 })
    assert.ok(await page.getByRole('status').getByText('成了').isVisible())
    await until(page, () => document.querySelectorAll('.wx-toast').length, 0)
    await ask(page, 'showLoading', { title: '请稍候' })
    assert.ok(await page.getByRole('progressbar', { name: '请稍候' }).isVisible())
    await ask(page, 'hideLoading')
    assert.equal(await page.locator('.wx-toast').count(), 0)
    await ask(page, 'setNavigationBarTitle', { title: '新题' })
    assert.equal(await page.title(), '新题')
    assert.match((await ask(page, 'setNavigationBarColor', { frontColor: 'red' })).failure.errMsg, /invalid frontColor/)
  })

  test('a modal and an action sheet wait for the person', async () => {
    const page = await phones.open()
    const modal = ask(page, 'showModal', { title: '真的吗', content: '想好', confirmText: '想好了' })
    await page.getByRole('dialog', { name: '真的吗' }).getByRole('button', { name: '想好了' }).tap()
    assert.equal((await modal).answer.confirm, true)
    const sheet = ask(page, 'showActionSheet', { itemList: ['甲', '乙'] })
    await page.getByRole('button', { name: '乙' }).tap()
    assert.equal((await sheet).answer.tapIndex, 1)
    const cancelled = ask(page, 'showActionSheet', { itemList: ['甲'] })
    await page.getByRole('button', { name: '取消' }).tap()
    assert.equal((await cancelled).failure.errMsg, 'showActionSheet:fail cancel')
    assert.match((await ask(page, 'showModal', { confirmText: '五个字太长' })).failure.errMsg, /at most 4/)
  })
})

describe('the person', browsing, () => {
  const open = (search = '') => phones.open(`?path=pages/mine/mine${search}`)
  const result = () => JSON.parse(wxrun.page().data.result || 'null')

  test('login asks the test for a code', async () => {
    const page = await open('&openid=o1')
    phones.answers['/_wx/login-code'] = ({ body }) => ({ body: { code: `for-${JSON.parse(body).openid}` } })
    assert.match((await ask(page, 'checkSession')).failure.errMsg, /^checkSession:fail/)
    await page.getByRole('button', { name: '登录' }).tap()
    await until(page, result, { errMsg: 'login:ok', code: 'for-o1' })
    assert.equal((await ask(page, 'checkSession')).answer.errMsg, 'checkSession:ok')
  })

  test('a phone number needs consent, then a yes', async () => {
    const page = await open()
    phones.answers['/_wx/phone-code'] = () => ({ body: { code: 'p1' } })
    const button = page.getByRole('button', { name: '获取手机号' })
    await button.tap()
    await page.getByRole('button', { name: '拒绝' }).tap()
    await until(page, result, { errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 })
    await button.tap()
    await page.getByRole('button', { name: '同意', exact: true }).tap()
    await page.getByRole('button', { name: '不允许' }).tap()
    await until(page, result, { errMsg: 'getPhoneNumber:fail user deny' })
    await button.tap()
    await page.getByRole('button', { name: '允许', exact: true }).tap()
    await until(page, result, { errMsg: 'getPhoneNumber:ok', code: 'p1' })
  })

  test('a page asks for consent in its own words', async () => {
    const page = await open()
    assert.equal((await ask(page, 'getPrivacySetting')).answer.needAuthorization, true)
    await page.evaluate(() => wxrun.page().listen())
    const refused = ask(page, 'setClipboardData', { data: 'x' })
    await page.getByRole('button', { name: '不同意' }).tap()
    assert.equal((await refused).failure.errno, 104)
    const agreed = ask(page, 'setClipboardData', { data: 'x' })
    await page.getByText('我们的隐私说明').waitFor()
    assert.equal(await page.evaluate(() => wxrun.page().referrer), 'setClipboardData')
    await page.getByRole('button', { name: '同意', exact: true }).tap()
    assert.equal((await agreed).answer.errMsg, 'setClipboardData:ok')
    assert.equal((await ask(page, 'getPrivacySetting')).answer.needAuthorization, false)
    await page.reload()
    assert.equal((await ask(page, 'requirePrivacyAuthorize')).answer.errMsg, 'requirePrivacyAuthorize:ok')
  })

  test('subscribing needs a tap, and each choice is kept', async () => {
    const page = await open()
    phones.answers['/_wx/subscriptions'] = () => ({ body: {} })
    await page.getByRole('button', { name: '订阅', exact: true }).tap()
    await page.getByRole('checkbox', { name: 'template-b' }).uncheck()
    await page.getByRole('button', { name: '允许' }).tap()
    await until(page, result, { errMsg: 'requestSubscribeMessage:ok', 'template-a': 'accept', 'template-b': 'reject' })
    const sent = phones.requests.filter((each) => each.path === '/_wx/subscriptions').map((each) => JSON.parse(each.body))
    assert.deepEqual(sent, [{ template_id: 'template-a', status: 'accept' }, { template_id: 'template-b', status: 'reject' }])
    await page.getByRole('button', { name: '订阅', exact: true }).tap()
    await page.getByRole('button', { name: '取消' }).tap()
    await until(page, () => JSON.parse(wxrun.page().data.result)['template-a'], 'reject')
    await page.getByRole('button', { name: '晚订阅' }).tap()
    await until(page, result, { errMsg: 'requestSubscribeMessage:fail can only be invoked by user TAP gesture.' })
    assert.equal((await ask(page, 'requestSubscribeMessage', { tmplIds: [] })).failure.errCode, 10001)
    assert.equal((await ask(page, 'requestSubscribeMessage', { tmplIds: ['1', '2', '3', '4', '5', '6'] })).failure.errCode, 20003)
  })

  test('WeChat’s refusal of a subscription reaches the page', async () => {
    const page = await open()
    phones.answers['/_wx/subscriptions'] = () => ({ status: 400, body: { errCode: 20001, errMsg: 'No template data return, verify the template id exist' } })
    await page.getByRole('button', { name: '订阅', exact: true }).tap()
    await page.getByRole('button', { name: '允许' }).tap()
    await until(page, () => JSON.parse(wxrun.page().data.result).errCode, 20001)
  })
})
