/** A part of the company file on a page of its own: read, typed, saved under the file's version. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Dossier, DossierPatch } from "../../api/types";
import { RecordForm } from "../customers/form.svelte";
import type { Typed } from "../customers/form";
import { withSettings } from "./rows.svelte";

type Kept = Dossier & { id: string };

function kept(dossier: Dossier): Kept {
  return { ...dossier, id: "dossier" };
}

async function read(): Promise<Kept> {
  return kept(await take(client.GET("/v1/dossier")));
}

export class DossierPart {
  readonly form: RecordForm<Kept, never, DossierPatch>;
  problem = $state.raw<ProblemError | null>(null);
  #beside: () => Promise<void>;

  /** `beside` reads what the page needs besides the file; the form is there when both are. */
  constructor(
    name: string,
    textOf: (dossier: Dossier) => Typed,
    patch: (text: Typed, fields: readonly string[]) => DossierPatch,
    beside: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#beside = beside;
    this.form = new RecordForm<Kept, never, DossierPatch>(`dossier.${name}`, {
      blank: {},
      textOf,
      read,
      body: () => {
        throw new Error("the company file is there already");
      },
      create: read,
      patch,
      update: async (each, body) =>
        kept(await take(client.PATCH("/v1/dossier", { params: { header: ifMatch(each.version) }, body }))),
    });
    withSettings(this.load);
  }

  load = async (): Promise<void> => {
    try {
      const [dossier] = await Promise.all([read(), this.#beside()]);
      this.form.heard(dossier);
      this.problem = null;
    } catch (reason) {
      this.problem = asProblem(reason);
    }
  };
}
