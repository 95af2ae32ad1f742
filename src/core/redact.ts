/**
 * `scheme://user:secret@host`, the way credentials end up in addresses and git's messages. A secret
 * may hold an `@`; one with a slash is told from a port by not being a number.
 *
 * Every part has a length, here and below: the text may be a megabyte that was made to be slow.
 * Of a longer scheme the end matches all the same.
 */
const userInfo =
  /([a-z][a-z0-9+.-]{0,31}:\/\/)(?:[^\s/'":]{0,255}:(?!\d{1,5}(?:[/?#\s'"]|$))[^\s'"]{0,2048}|[^\s/'"]{1,2048})@/gi;
/** `?access_token=…` and its relatives in a query. */
const querySecret =
  /([?&][^=&\s]{0,64}(?:token|secret|password|key|signature|auth)[^=&\s]{0,64}=)[^&\s'"]+/gi;

/** The text with credentials in addresses replaced by `***`. A bare `ssh://git@host` keeps its user. */
export function redact(text: string): string {
  return text
    .replace(userInfo, (match, scheme: string) =>
      /^ssh:\/\/[^:@]+@$/i.test(match) ? match : `${scheme}***@`,
    )
    .replace(querySecret, '$1***');
}

/** What `git@host:path` and `ssh://git@host/path` may have before the `@`: no secret. */
const plainLogin = /^(?:ssh:\/\/)?[A-Za-z0-9_][A-Za-z0-9_.-]*$/i;

/**
 * One address as a person typed it, however wrong, for an error about it: everything before its
 * last `@` is hidden, unless that is a user's name and nothing else.
 */
export function redactAddress(text: string): string {
  const at = text.lastIndexOf('@');
  if (at === -1 || plainLogin.test(text.slice(0, at))) return redact(text);
  const [scheme = ''] = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text) ?? [];
  return redact(`${scheme}***${text.slice(at)}`);
}
