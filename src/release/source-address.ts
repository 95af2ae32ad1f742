/**
 * Addresses with a scheme, and the scp form: which ones are accepted, and why the others are
 * refused.
 */
import { InstallError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { redactAddress } from '../core/redact.ts';
import { steps, type RemedyLike } from '../core/remedy.ts';

export type Address =
  | { readonly kind: 'git'; readonly url: string; readonly allowHttp: boolean }
  | { readonly kind: 'path'; readonly path: string };

const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
/** `ext::sh -c …`, `fd::7`: git would run a helper program with that name. */
const helper = /^[A-Za-z0-9+.-]*::/;
const scp = /^(?:([^@/:]*)@)?(\[[^\]/]*\]|[^@/:[\]]+):(?!\/\/)(.*)$/;
const driveLetter = /^[A-Za-z]:[\\/]/;

const host = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.?$/;
const bracketedHost = /^\[[0-9A-Fa-f:.]+\]$/;
const user = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
/**
 * Encoded dot, slash, backslash, percent and control characters: paths that resolve to another
 * path.
 */
const encodedTrick = /%(2e|2f|5c|25|0[0-9a-f]|1[0-9a-f]|7f)/i;

/**
 * @returns undefined for a path or `owner/repo`, which are not addresses
 * @throws E_SOURCE_INVALID, E_SOURCE_FORBIDDEN
 */
export function parseAddress(text: string, allowHttp: boolean): Address | undefined {
  if (helper.test(text)) {
    throw forbidden(text, 'names a git remote helper', 'Use an https or ssh address.');
  }
  const name = scheme.exec(text)?.[1];
  if (name !== undefined) return withScheme(text, name, allowHttp);
  if (/^\/\/.*@/.test(text)) throw invalid(text, 'lacks its scheme', 'Write https://host/path.');
  if (driveLetter.test(text) || /^(\.{0,2}\/|~)/.test(text)) return undefined;
  return scpForm(text);
}

function withScheme(text: string, name: string, allowHttp: boolean): Address {
  if (name !== name.toLowerCase()) {
    throw forbidden(text, 'spells its scheme in capitals', `Write ${name.toLowerCase()}://.`);
  }
  switch (name) {
    case 'https':
      return web(text, allowHttp);
    case 'http':
      if (allowHttp) return web(text, true);
      throw forbidden(
        text,
        'is not encrypted',
        steps('Use https://.', { kind: 'option', option: 'allowHttp', to: 'use it all the same' }),
      );
    case 'ssh':
      return secureShell(text);
    case 'file':
      return { kind: 'path', path: fileUrl(text) };
    case 'git':
      throw forbidden(text, 'is neither encrypted nor authenticated', 'Use https://.');
    default:
      throw forbidden(text, `uses the transport ${name}`, 'Use an https or ssh address.');
  }
}

function web(text: string, allowHttp: boolean): Address {
  const [, authority = '', path = ''] = /^https?:\/\/([^/?#]*)(.*)$/.exec(text) ?? [];
  // After `name:`, an `@` anywhere ends a password, however git would interpret its slashes.
  if (authority.includes('@') || (authority.includes(':') && text.includes('@'))) {
    throw forbidden(
      text,
      'holds credentials, which other users of this machine could read',
      'Leave them out and set up a git credential helper.',
    );
  }
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(:\d{1,5})?$/.exec(authority) ?? [];
  checkHost(text, name);
  checkPath(text, path);
  if (/\.(tar\.gz|tgz|zip)$/i.test(path)) {
    throw invalid(text, 'is an archive on a server', 'Download it and give its path.');
  }
  const protocol = text.slice(0, text.indexOf(':'));
  return {
    kind: 'git',
    url: `${protocol}://${name.toLowerCase()}${port}${path.replace(/\/+$/, '')}`,
    allowHttp,
  };
}

function secureShell(text: string): Address {
  const [, login, name = '', path = ''] =
    /^ssh:\/\/(?:([^@/]*)@)?(\[[^\]/]*\]|[^/:@]*)(?::\d{1,5})?(\/.*)?$/.exec(text) ?? [];
  checkLogin(text, login);
  checkHost(text, name);
  checkPath(text, path);
  return { kind: 'git', url: text.replace(/\/+$/, ''), allowHttp: false };
}

function scpForm(text: string): Address | undefined {
  const [, login, name, path = ''] = scp.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (/^(https?|ssh|git|file|ftps?|rsync)$/i.test(name)) {
    throw invalid(text, 'lacks the slashes of an address', `Write ${name.toLowerCase()}://…`);
  }
  if (login === undefined && path.includes('@')) {
    throw forbidden(text, 'looks like one with a password', 'Write ssh://host/path, without it.');
  }
  checkLogin(text, login);
  checkHost(text, name);
  if (path.startsWith('-')) {
    throw forbidden(text, 'has a path that looks like an option', 'Use the ssh:// form.');
  }
  // `git@ext::sh`: git itself would treat it as a host, other programs as a remote helper.
  if (path.startsWith(':')) {
    throw forbidden(text, 'names a git remote helper', 'Use an https or ssh address.');
  }
  checkPath(text, path);
  return { kind: 'git', url: text.replace(/\/+$/, ''), allowHttp: false };
}

function fileUrl(text: string): string {
  const [, authority = '', path = ''] = /^file:\/\/([^/]*)(\/.*)?$/.exec(text) ?? [];
  if (authority !== '' && authority !== 'localhost') {
    throw forbidden(text, 'names another machine', 'Give the path of a local repository.');
  }
  checkPath(text, path);
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw invalid(text, 'is not encoded correctly', 'Give the path as it is.', cause);
  }
}

function checkLogin(text: string, login: string | undefined): void {
  if (login === undefined) return;
  if (login.includes(':')) {
    throw forbidden(text, 'holds a password', 'Leave it out and use an ssh key.');
  }
  if (!user.test(login)) {
    throw forbidden(text, 'has a user name that is not valid', 'Write ssh://git@host/path.');
  }
}

function checkHost(text: string, name: string): void {
  if (name.startsWith('-')) {
    throw forbidden(text, 'has a host that looks like an option', 'Check where it comes from.');
  }
  if (!host.test(name) && !bracketedHost.test(name)) {
    throw invalid(text, 'has no valid host name', 'Write https://host/path or git@host:path.');
  }
}

function checkPath(text: string, path: string): void {
  if (path === '' || /^\/+$/.test(path)) {
    throw invalid(text, 'names a host but no repository', 'Add the path of the repository.');
  }
  if (encodedTrick.test(path) || path.split(/[/\\]/).some((part) => part === '..')) {
    throw forbidden(text, 'has a path that leads elsewhere', 'Write the path without `..` and %.');
  }
  if (/[?#]/.test(path)) {
    throw invalid(
      text,
      'has a query or a fragment',
      steps('Leave them out.', { kind: 'option', option: 'release', to: 'choose a release' }),
    );
  }
  if (/\s/.test(path)) {
    throw invalid(text, 'has white space in it', 'Write %20 where the path holds a space.');
  }
}

function forbidden(text: string, why: string, remedy: RemedyLike): InstallError {
  const source = redactAddress(text);
  return new InstallError('E_SOURCE_FORBIDDEN', `The source ${why}: ${printable(source)}`, {
    remedy,
    details: { source },
  });
}

function invalid(text: string, why: string, remedy: RemedyLike, cause?: unknown): InstallError {
  const source = redactAddress(text);
  return new InstallError('E_SOURCE_INVALID', `The source ${why}: ${printable(source)}`, {
    remedy,
    details: { source },
    cause,
  });
}
