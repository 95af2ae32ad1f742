/**
 * `scheme://user:secret@host`, the way credentials end up in addresses and git's messages. A secret
 * may hold an `@`; one with a slash is recognised because a port would be a number. Each character
 * is visited a few times at most, because the word may be a megabyte of hostile input.
 */
function withoutUserInfo(word: string): string {
  const lastAt = word.lastIndexOf('@');
  let redacted = '';
  let from = 0;
  for (let colon = word.indexOf('://'); colon !== -1; colon = word.indexOf('://', from)) {
    const start = colon + '://'.length;
    const [scheme] =
      /[a-z][a-z0-9+.-]*$/i.exec(word.slice(Math.max(from, colon - 64), colon)) ?? [];
    const end = scheme === undefined ? start : endOfUserInfo(word, start, lastAt);
    const userInfo = word.slice(start, end);
    const isLogin = scheme?.toLowerCase() === 'ssh' && !/[:@]/.test(userInfo);
    redacted += word.slice(from, start) + (userInfo === '' || isLogin ? userInfo : '***');
    from = end;
  }
  return redacted + word.slice(from);
}

/** The offset of the `@` that ends it; `start` if there is none. */
function endOfUserInfo(word: string, start: number, lastAt: number): number {
  const slash = word.indexOf('/', start);
  const authority = word.slice(start, slash === -1 ? word.length : slash);
  const colon = authority.indexOf(':');
  const hasSecret =
    colon !== -1 &&
    start + colon < lastAt &&
    !/^\d{1,5}(?:[?#]|$)/.test(authority.slice(colon + 1));
  if (hasSecret) return lastAt;
  return start + Math.max(0, authority.lastIndexOf('@'));
}

/**
 * `?access_token=…` and similar keys of a query; the length of a key is bounded for the same
 * reason.
 */
const querySecret =
  /([?&][^=&\s]{0,64}(?:token|secret|password|key|signature|auth)[^=&\s]{0,64}=)[^&\s'"]+/gi;

/** The text with credentials in addresses replaced by `***`. A bare `ssh://git@host` keeps its user. */
export function redact(text: string): string {
  return text.replace(/[^\s'"]+/g, withoutUserInfo).replace(querySecret, '$1***');
}

/** What `git@host:path` and `ssh://git@host/path` may have before the `@`; it is not secret. */
const plainLogin = /^(?:ssh:\/\/)?[A-Za-z0-9_][A-Za-z0-9_.-]*$/i;

/**
 * One address as a person typed it, however malformed, for an error about it: everything before its
 * last `@` is hidden, unless it is only a user name.
 */
export function redactAddress(text: string): string {
  const at = text.lastIndexOf('@');
  if (at === -1 || plainLogin.test(text.slice(0, at))) return redact(text);
  const [scheme = ''] = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text) ?? [];
  return redact(`${scheme}***${text.slice(at)}`);
}
