/** What lies on the clipboard after copying from other programs, as they write it. */

export const WORD_LIST = `<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta name=ProgId content=Word.Document>
<link rel=File-List href="file:///C:/Users/ADMINI~1/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- @list l0:level1 {mso-level-number-format:decimal;} p.MsoNormal {color:red} --></style>
</head>
<body lang=ZH-CN style='tab-interval:21.0pt'>
<!--StartFragment-->
<h1><span style='font-family:黑体'>艾灸的<b>做法</b></span><span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal style='mso-outline-level:2'><b>一、准备<span lang=EN-US><o:p></o:p></span></b></p>
<p class=MsoNormal><span style='font-family:宋体'>先<b><span
style='color:red'>洗</span></b><b>手</b>，再<i>消毒</i>，见<a href="https://www.nhc.gov.cn/">通知</a><a
style='mso-comment-reference:W_1;mso-comment-date:20240101T0900'>。</a><span class=MsoCommentReference><span
lang=EN-US><!--[if !supportAnnotations]--><a class=msocomanchor id="_anchor_1" href="#_msocom_1">[W1]</a><!--[endif]--></span></span>这一句话在源文件里
换了行。<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
lang=EN-US style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><span>点燃艾条</span></p>
<p class=MsoListParagraph style='margin-left:42.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span>&nbsp; </span></span></span><![endif]>离皮肤三厘米</p>
<p class=MsoListParagraph style='margin-left:42.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span>&nbsp; </span></span></span><![endif]>不要烫伤</p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
lang=EN-US style='mso-list:Ignore'>2.<span>&nbsp;&nbsp; </span></span><![endif]>每次十五分钟</p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="图片_1"><v:imagedata src="file:///C:/Temp/clip_image001.jpg"/></v:shape><![endif]--><![if !vml]><img
width=554 height=312 src="file:///C:/Users/ADMINI~1/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg" v:shapes="图片_1"><![endif]></p>
<!--EndFragment-->
<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>请核对</p></div></div>
</body></html>`;

export const WORD_TABLE = `<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>
<!--StartFragment-->
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
 <colgroup><col width=100><col width=200></colgroup>
 <tr style='mso-yfti-irow:0'>
  <td width=100 colspan=2 valign=top style='width:100pt;border:solid'>
  <p class=MsoNormal align=center><b>用量<span lang=EN-US><o:p></o:p></span></b></p></td></tr>
 <tr><td rowspan=2><p class=MsoNormal>黄芪</p></td><td><p class=MsoNormal>9<span lang=EN-US>～30克</span></p></td></tr>
 <tr><td><p class=MsoNormal>水煎服</p><p class=MsoNormal>或入丸散</p></td></tr>
</table>
<!--EndFragment--></body></html>`;

export const WECHAT = `<meta charset='utf-8'><div class="rich_media_content" id="js_content" style="visibility: visible;">
<section data-role="outer" label="edit by 135editor"><section style="margin: 10px"><section style="display:flex">
<section style="font-size: 18px; font-weight: bold; color: rgb(20, 102, 79);"><span leaf="">春天怎么养肝</span></section></section></section>
<section style="line-height: 2em;"><span style="font-size: 15px;">春天<strong style="color:red"><span>风大</span></strong>，少出汗。</span><br></section>
<section><section><section><p style="text-align: center;"><br></p></section></section></section>
<section style="text-align:center" nodeleaf=""><img class="rich_pages wxw-img" data-ratio="0.66" data-src="https://mmbiz.qpic.cn/mmbiz_jpg/abc/640?wx_fmt=jpeg&amp;from=appmsg" data-type="jpeg" data-w="1080" alt="图片" src="data:image/svg+xml,%3Csvg%3E"></section>
<ul class="list-paddingleft-1"><li><section><span>早睡</span></section></li><li><p>早起</p></li></ul>
<blockquote><p>肝主疏泄</p></blockquote>
<mp-common-profile data-nickname="健康"></mp-common-profile>
<iframe class="video_iframe" data-src="https://v.qq.com/x"></iframe>
<p style="display: none;"><mp-style-type data-value="3"></mp-style-type>看不见的话</p>
</section></div>`;

export const EXCEL = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=ProgId content=Excel.Sheet>
<style><!--td {mso-ignore:padding}--></style></head><body>
<table border=0 cellpadding=0 style='border-collapse:collapse;width:162pt'>
<!--StartFragment-->
 <col width=72 span=3 style='width:54pt'>
 <tr height=19><td height=19 class=xl65 width=72>药名</td><td class=xl65>克</td><td></td></tr>
 <tr height=19><td class=xl66 style='font-weight:700'>黄芪</td><td align=right>9</td><td>蜜炙</td></tr>
<!--EndFragment-->
</table></body></html>`;

export const HOSTILE = [
  `<p onclick="steal()">一<script>steal()</script></p>`,
  `<img src=x onerror=steal()>`,
  `<svg><style><img src=x onerror=steal()></style></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=steal()&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=steal()>"></noscript>`,
  `<a href="javascript:steal()">点我</a><a href="&#106;avascript:steal()">再点</a>`,
  `<a href="data:text/html,<script>steal()</script>">三</a>`,
  `<form action="https://evil.example"><button formaction="javascript:steal()">四</button></form>`,
  `<iframe srcdoc="<script>steal()</script>"></iframe><object data="x"></object><embed src="x">`,
  `<template><img src=x onerror=steal()></template>`,
  `<video src="https://evil.example/a.mp4" onloadstart=steal()></video>`,
  `<p style="background:url(javascript:steal())">五</p>`,
  `<!--><img src=x onerror=steal()>-->`,
  `<xmp><img src=x onerror=steal()></xmp>`,
];
