import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InstallRun } from '../../src/operations/install/outcome.ts';
import { jsonOf, run } from '../support/program.ts';
import {
  bundle,
  hasProtocolData,
  openProtocolData,
  protocolDataTitle,
} from '../support/protocol-data.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';

/** The fields that every report has, and the accepted pairs (docs/protocol.md#install-reports). */
const requiredFields = [
  'report_id',
  'identity_id',
  'generated_at',
  'operation',
  'conflict_type',
  'action',
  'preserved_paths',
  'installer_invocation',
];
const acceptedPairs = [
  'fresh_install/guarded_apply',
  'same_signature/no_op_with_report',
  'compatible_upgrade/abort_and_explain',
  'destructive_replace/guarded_apply',
];

describe.skipIf(!hasProtocolData)(protocolDataTitle, () => {
  const scene = () => {
    const home = join(temporaryDirectory(), 'home');
    const install = (...args: string[]) =>
      run('identity-install', ...args, '--from', bundle, '--home', home);
    const instance = (id: string) => join(home, 'instances', id);
    return { home, install, instance };
  };

  test('store-manager: the latest release, byte for byte; then nothing to do', () => {
    const { install, instance } = scene();
    const first = install('store-manager', '--json');
    expect((jsonOf(first) as InstallRun).release.tag).toBe('v1.5.1');
    const data = openProtocolData();
    const place = 'identity/store-manager/';
    const names = data
      .paths('v1.5.1')
      .flatMap((path) => (path.startsWith(place) ? [path.slice(place.length)] : []));
    expect(names.length).toBe(5);
    for (const name of names) {
      const blob = data.file('v1.5.1', place + name);
      expect(readFileSync(join(instance('store-manager'), name)), name).toEqual(blob);
    }
    const stamps = () =>
      names.map(
        (name) => lstatSync(join(instance('store-manager'), name), { bigint: true }).mtimeNs,
      );
    const before = stamps();
    const second = install('store-manager');
    expect(second.status).toBe(0);
    expect(second.stdout).toContain('nothing to do');
    expect(stamps()).toEqual(before);
    const added = Object.keys(treeOf(instance('store-manager'))).filter(
      (path) => path.endsWith('.json') && path !== 'CURRENT_TASK.json',
    );
    expect(added.every((path) => path.startsWith('identity/runtime/'))).toBe(true);
  });

  test.each([
    ['~1.4.3', 'v1.4.10', true],
    ['v1.2.0', 'v1.2.0', false],
    ['1.2.0', 'v1.2.0', false],
  ])('--release %s is %s', (selector, tag, annotated) => {
    const { install } = scene();
    const { release } = jsonOf(
      install('store-manager', '--release', selector, '--json'),
    ) as InstallRun;
    expect(release.tag).toBe(tag);
    expect(release.tagObject !== null).toBe(annotated);
  });

  test('--release 9.x exits 5 and names the nearest tags', () => {
    const { install, home } = scene();
    const ran = install('store-manager', '--release', '9.x');
    expect(ran.status).toBe(5);
    expect(ran.stderr).toMatch(/E_TAG_NOT_FOUND.*v1\.5\.1/s);
    expect(Object.keys(treeOf(join(home, 'instances')))).toEqual([]);
  });

  test('system-requirements-analyst: all four reports lie where its contracts say, and hold', () => {
    const { install, instance, home } = scene();
    const id = 'system-requirements-analyst';
    expect(install(id, '--plan').status).toBe(0);
    expect(install(id, '--dry-run').status).toBe(0);
    expect(install(id).status).toBe(0);
    expect(run('identity', 'verify', id, '--report', '--home', home).status).toBe(0);

    const task = JSON.parse(readFileSync(join(instance(id), 'CURRENT_TASK.json'), 'utf8')) as {
      install_provenance_contract: { report_path_pattern: string };
      install_safety_contract: { install_report_path_pattern: string };
    };
    const provenance = matches(instance(id), task.install_provenance_contract.report_path_pattern);
    expect(provenance.map(({ report }) => report['operation']).sort()).toEqual([
      'dry-run',
      'install',
      'plan',
      'verify',
    ]);
    const safety = matches(instance(id), task.install_safety_contract.install_report_path_pattern);
    for (const { report } of [...provenance, ...safety]) expectSoundReport(report, id);
    expect(safety.at(-1)?.report['operation']).toBe('install');
    const planned = provenance.find(({ report }) => report['operation'] === 'plan')?.report;
    expect(planned).toMatchObject({ dry_run: true, target_signature_before: null });
  });
});

/**
 * What the protocol's checkers find for a pattern: the files it matches, in order of their names.
 */
function matches(instance: string, pattern: string) {
  const at = pattern.lastIndexOf('/');
  const directory = join(instance, pattern.slice(0, at));
  const [head = '', tail = ''] = pattern.slice(at + 1).split('*');
  return readdirSync(directory)
    .filter((name) => name.startsWith(head) && name.endsWith(tail))
    .sort()
    .map((name) => ({
      name,
      report: JSON.parse(readFileSync(join(directory, name), 'utf8')) as Record<string, unknown>,
    }));
}

function expectSoundReport(report: Record<string, unknown>, id: string): void {
  for (const field of requiredFields) expect(report).toHaveProperty(field);
  expect(report['identity_id']).toBe(id);
  expect(report['generated_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(acceptedPairs).toContain(`${String(report['conflict_type'])}/${String(report['action'])}`);
  expect(report['installer_invocation']).toMatchObject({ tool: 'identity-installer' });
  const { command } = report['installer_invocation'] as { command: string };
  expect(command).toMatch(/^identity(-install)? /);
  if (report['conflict_type'] === 'destructive_replace') {
    expect(report['backup_ref']).toBeTruthy();
    expect(report['rollback_ref']).toBeTruthy();
  }
}
