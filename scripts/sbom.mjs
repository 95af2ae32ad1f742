import { FromNodePackageJson, License } from '@cyclonedx/cyclonedx-library/Contrib';
import { ComponentType } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Metadata } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';

const components = new FromNodePackageJson.Builders.ComponentBuilder(
  new FromNodePackageJson.Factories.ExternalReferenceFactory(),
  new License.Factories.LicenseFactory(),
);

/**
 * What is shipped, as a CycloneDX 1.6 document. It has neither a time nor a serial number: the same
 * packages give the same bytes.
 *
 * @param own our package, of `bundledPackages`
 * @param others what is bundled into it
 * @returns {string} JSON
 */
export function sbomDocument({ own, others }) {
  const made = new Map([[own, componentOf(own, ComponentType.Application)]]);
  for (const item of others) made.set(item, componentOf(item, ComponentType.Library));
  for (const [{ uses }, component] of made) {
    for (const used of uses) component.dependencies.add(made.get(used).bomRef);
  }
  const bom = new Bom({ metadata: new Metadata({ component: made.get(own) }) });
  for (const item of others) bom.components.add(made.get(item));
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/** A package under its purl (https://github.com/package-url/purl-spec). */
function componentOf({ manifest, licence }, type) {
  const component = components.makeComponent({ ...manifest, license: licence }, type);
  const name = manifest.name.replace('@', '%40');
  component.purl = `pkg:npm/${name}@${encodeURIComponent(manifest.version)}`;
  component.bomRef.value = component.purl;
  return component;
}
