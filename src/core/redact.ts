/** `scheme://user:secret@host`, the way credentials end up in addresses and git's messages. */
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi;
/** `?access_token=…` and its relatives in a query. */
const querySecret =
  /([?&][^=&\s]*(?:token|secret|password|key|signature|auth)[^=&\s]*=)[^&\s'"]+/gi;

/** The text with credentials in addresses replaced by `***`. A bare `ssh://git@host` keeps its user. */
export function redact(text: string): string {
  return text
    .replace(userInfo, (match, scheme: string) =>
      /^ssh:\/\/[^:@]+@$/i.test(match) ? match : `${scheme}***@`,
    )
    .replace(querySecret, '$1***');
}
