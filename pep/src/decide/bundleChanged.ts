// The decision service serves another bundle than the one that this call was resolved with. Not a fault: the call begins
// again, or is denied when that does not help.
export class BundleChanged extends Error {
  constructor() {
    super('the decision service serves another bundle');
    this.name = 'BundleChanged';
  }
}
