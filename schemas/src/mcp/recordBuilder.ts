// Collects one record type, name by name.

import type { CedarAttributeType, CedarRecordType } from '../cedar/index.ts';

export class RecordBuilder {
  // Without prototypes: `__proto__` is a name like any other.
  private readonly attributes = Object.create(null) as Record<string, CedarAttributeType>;
  private readonly opaque = Object.create(null) as Record<string, string>;

  declare(name: string, attribute: CedarAttributeType): void {
    this.attributes[name] = attribute;
  }

  /** The name exists, but policies cannot read it; `why` continues a sentence that begins with the name. */
  hide(name: string, why: string): void {
    this.opaque[name] = why;
  }

  build(extensible: boolean): CedarRecordType {
    return { kind: 'Record', attributes: this.attributes, opaque: this.opaque, extensible };
  }
}
