/** A supplier as far as a choice of one needs him. */
export interface Supplier {
  id: string;
  code: string;
  name: string;
}
