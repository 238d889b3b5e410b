/** What the statistics are asked for; kept while another screen or another tab is shown. */
import type { StatisticsQuery } from "../../api/types";
import { client, take } from "../../api/client";
import { shopDay } from "../../lib/format";
import { days, fiscalYear, whole, type Months } from "./months";
import type { Measure } from "./rows";

type Level = NonNullable<StatisticsQuery["level"]>;
export interface Axis {
  number: number;
  label: string;
  segments: number[];
}

class Asked {
  months = $state.raw<Months>(fiscalYear(shopDay(), 1, 0));
  level = $state<Level>("category");
  axis = $state(1);
  segment = $state<number | null>(null);
  measure = $state<Measure>("net");
  fiscalMonth = $state(1);
  axes = $state.raw<Axis[]>([]);
  #known = false;

  /** The company file says when the year begins and what the axes are; a period that was chosen stays. */
  async settle(): Promise<void> {
    const dossier = await take(client.GET("/v1/dossier"));
    this.fiscalMonth = dossier.fiscal_month;
    this.axes = dossier.stat_axes;
    if (!this.#known) this.months = this.year(0);
    this.#known = true;
  }

  year(ago: number): Months {
    return fiscalYear(shopDay(), this.fiscalMonth, ago);
  }

  get whole(): boolean {
    return whole(this.months);
  }

  get days(): { from: string; to: string } {
    return days(this.months);
  }
}

export const asked = new Asked();
