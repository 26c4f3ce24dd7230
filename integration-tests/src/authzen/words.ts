// The identifiers of the fixture, as requests name them.

export const alice = { type: 'user', id: 'alice' };
export const bob = { type: 'user', id: 'bob' };
export const admin = { ...bob, properties: { role: 'admin' } };
export const record1 = { type: 'record', id: 'record-1' };
export const record2 = { type: 'record', id: 'record-2' };
export const active = { ...record1, properties: { status: 'active' } };
export const archived = { ...record2, properties: { status: 'archived' } };
export const read = { name: 'read' };
export const write = { name: 'write' };
export const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };

export function deleteSoftly(soft: boolean): object {
  return { name: 'delete', properties: { soft } };
}
