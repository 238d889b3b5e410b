/** Short names for the generated schemas. Nothing is described here: the contract is in schema.d.ts. */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Query<
  Path extends
    "/v1/audit" | "/v1/customer-duplicates" | "/v1/customers" | "/v1/orders" | "/v1/reservations" | "/v1/third-parties",
> = NonNullable<paths[Path]["get"]["parameters"]["query"]>;

export type Me = Schemas["Me"];
export type Money = Schemas["Sum"];
export type Customer = Schemas["Customer"];
export type CustomerPatch = Schemas["CustomerPatch"];
export type Article = Schemas["Article"];
export type QueuePlace = Schemas["QueuePlace"];
export type OrderSummary = Schemas["OrderSummary"];
export type Order = Schemas["Order"];
export type OrderLine = Schemas["OrderLine"];
export type Payment = Schemas["Payment"];
export type Reservation = Schemas["Reservation"];
export type Scan = Schemas["Scan"];
export type Reception = Schemas["Reception"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type BankAccount = Schemas["BankAccount"];
export type BankAccountCreate = Schemas["BankAccountCreate"];
export type BankAccountPatch = Schemas["BankAccountPatch"];
export type CardAddress = Schemas["CardAddress"];
export type CardAddressCreate = Schemas["CardAddressCreate"];
export type CardAddressPatch = Schemas["CardAddressPatch"];
export type CardContact = Schemas["CardContact"];
export type CardContactCreate = Schemas["CardContactCreate"];
export type CardContactPatch = Schemas["CardContactPatch"];
export type CardNote = Schemas["CardNote"];
export type CardNoteCreate = Schemas["CardNoteCreate"];
export type CardNotePatch = Schemas["CardNotePatch"];
export type Consent = Schemas["Consent"];
export type ConsentStanding = Schemas["ConsentStanding"];
export type Credit = Schemas["Credit"];
export type CustomField = Schemas["CustomField"];
export type CustomFieldCreate = Schemas["CustomFieldCreate"];
export type CustomFieldPatch = Schemas["CustomFieldPatch"];
export type CustomerActivity = Schemas["CustomerActivity"];
export type CustomerCreate = Schemas["CustomerCreate"];
export type CustomerMerge = Schemas["CustomerMerge"];
export type CustomerMergeSummary = Schemas["CustomerMergeSummary"];
export type Discount = Schemas["Discount"];
export type DiscountCreate = Schemas["DiscountCreate"];
export type DiscountPatch = Schemas["DiscountPatch"];
export type Dossier = Schemas["Dossier"];
export type DossierPatch = Schemas["DossierPatch"];
export type DuplicateCard = Schemas["DuplicateCard"];
export type Flash = Schemas["Flash"];
export type MergedCard = Schemas["MergedCard"];
export type ReferenceTable = Schemas["ReferenceTable"];
export type ReferenceValue = Schemas["ReferenceValue"];
export type ThirdParty = Schemas["ThirdParty"];
export type ThirdPartyCreate = Schemas["ThirdPartyCreate"];
export type ThirdPartyPatch = Schemas["ThirdPartyPatch"];
export type User = Schemas["User"];
export type UserPatch = Schemas["UserPatch"];
export type CustomerDuplicate = Schemas["CustomerDuplicatePage"]["items"][number];

/** The values a search may ask for; an answer may one day hold others (x-extensible-enum). */
export type OrderStatus = NonNullable<Query<"/v1/orders">["status"]>[number];
export type ReservationState = NonNullable<Query<"/v1/reservations">["state"]>[number];
export type EndCause = NonNullable<Query<"/v1/reservations">["end_cause"]>[number];
export type Reminders = Schemas["Messages"];
export type ReminderChannel = NonNullable<Schemas["ReminderRequest"]["channel"]>;
export type ReminderEvent = NonNullable<Schemas["ReminderRequest"]["event"]>;
export type TableName = paths["/v1/tables/{name}"]["get"]["parameters"]["path"]["name"];
export type AnonymiseReason = Schemas["AnonymiseRequest"]["reason"];
export type ThirdPartyType = NonNullable<Query<"/v1/third-parties">["type"]>;
export type AuditRecord = NonNullable<Query<"/v1/audit">["record"]>;
export type DuplicateReason = NonNullable<Query<"/v1/customer-duplicates">["reason"]>;

/** What a list may be asked, and how it may be sorted. */
export type OrderQuery = Query<"/v1/orders">;
export type ReservationQuery = Query<"/v1/reservations">;
export type CustomerQuery = Query<"/v1/customers">;
export type OrderSort = NonNullable<OrderQuery["sort"]>;
export type ReservationSort = NonNullable<ReservationQuery["sort"]>;
export type CustomerSort = NonNullable<CustomerQuery["sort"]>;
export type AuditQuery = Query<"/v1/audit">;
export type ThirdPartyQuery = Query<"/v1/third-parties">;
export type ThirdPartySort = NonNullable<ThirdPartyQuery["sort"]>;
export type CustomerCopy = NonNullable<
  paths["/v1/customers/{customer_id}/duplicate"]["post"]["requestBody"]
>["content"]["application/json"];

/** Supply: what is still to be asked for, what was asked for, what comes in; and the tables it works with. */
export type UntreatedLine = Schemas["UntreatedLine"];
export type UntreatedQuery = Listed<"/v1/untreated-lines">;
export type UntreatedSort = NonNullable<UntreatedQuery["sort"]>;
export type SupplierOrder = Schemas["SupplierOrder"];
export type SupplierOrderSummary = Schemas["SupplierOrderSummary"];
export type SupplierOrderPatch = Schemas["SupplierOrderPatch"];
export type SupplierLine = Schemas["SupplierLine"];
export type AnsweredLine = Schemas["AnsweredLine"];
export type SupplierOrderQuery = Listed<"/v1/supplier-orders">;
export type SupplierOrderState = NonNullable<SupplierOrderQuery["state"]>[number];
export type SupplierOrderSort = NonNullable<SupplierOrderQuery["sort"]>;
export type ReceptionCreate = Schemas["ReceptionCreate"];
export type ReceptionSummary = Schemas["ReceptionSummary"];
export type KnownAnswer = Schemas["KnownAnswer"];
export type AnswerPut = Schemas["AnswerPut"];
export type Category = Schemas["Category"];
export type CategoryPut = Schemas["CategoryPut"];
export type Tariff = Schemas["Tariff"];
export type TariffRule = Schemas["TariffRule"];
export type TariffRuleInput = Schemas["TariffRuleInput"];
export type BookLawValue = Schemas["BookLawValue"];
export type BookLawInput = Schemas["BookLawInput"];
type Listed<Path extends "/v1/supplier-orders" | "/v1/untreated-lines"> = NonNullable<
  paths[Path]["get"]["parameters"]["query"]
>;

export type OrderPatch = Schemas["OrderPatch"];
export type OrderCreate = Schemas["OrderCreate"];
export type OrderDocument = Schemas["OrderDocument"];
export type DepositEntry = Schemas["DepositEntry"];
export type Ruling = Schemas["Ruling"];
export type Prices = Schemas["Prices"];
export type PriceQuery = Schemas["PriceQuery"];
export type LinePlace = Schemas["LinePlace"];
export type LineAnswerEntry = Schemas["LineAnswerEntry"];
export type QueueChange = Schemas["QueueChange"];
export type SavedList = Schemas["SavedList"];
export type SavedListSummary = Schemas["SavedListSummary"];

/** Messages to customers: the outbox, their words, and what is sent to a selection. */
type Answered<Operation> = Operation extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;
export type Message = Answered<paths["/v1/messages/{message_id}"]["get"]>;
export type MessageQuery = NonNullable<paths["/v1/messages"]["get"]["parameters"]["query"]>;
export type MessageSort = NonNullable<MessageQuery["sort"]>;
export type MessageState = NonNullable<MessageQuery["state"]>[number];
export type MessageChannel = NonNullable<MessageQuery["channel"]>;
export type MessageEventName = NonNullable<MessageQuery["event"]>;
export type Mailing = Answered<paths["/v1/messages/preview"]["post"]>;
export type MailingBody = paths["/v1/messages"]["post"]["requestBody"]["content"]["application/json"];
export type MessageTemplate = Answered<paths["/v1/message-templates"]["get"]>["items"][number];
export type TemplatePath = paths["/v1/message-templates/{event}/{language}"]["put"]["parameters"]["path"];
export type TemplateWords =
  paths["/v1/message-templates/{event}/{language}"]["put"]["requestBody"]["content"]["application/json"];
export type WordedTemplate = Answered<paths["/v1/message-templates/preview"]["post"]>;
export type EmailQuery = NonNullable<paths["/v1/customers/emails"]["get"]["parameters"]["query"]>;
export type LabelQuery = NonNullable<paths["/v1/customers/labels.pdf"]["get"]["parameters"]["query"]>;

/** Stock truth: checks, what was lost, shelves counted. */
export type StockCheck = Schemas["StockCheck"];
export type StockCheckSummary = Schemas["StockCheckSummary"];
export type Shrinkage = Schemas["Shrinkage"];
export type ShrinkageLine = Schemas["ShrinkageLine"];
export type StockCount = Schemas["StockCount"];
export type StockCountCreate = Schemas["StockCountCreate"];
export type CountCause = StockCountCreate["cause"];

/** What customers bought, their loyalty cards and deposits by name; invoices of other programs and who is reminded of them. */
type Made<Operation> = Operation extends {
  responses: { 201: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;
export type Purchase = Schemas["Purchase"];
export type PurchaseQuery = NonNullable<paths["/v1/customers/{customer_id}/purchases"]["get"]["parameters"]["query"]>;
export type Loyalty = Answered<paths["/v1/customers/{customer_id}/loyalty"]["get"]>;
export type LoyaltyEntry = Answered<paths["/v1/customers/{customer_id}/loyalty/entries"]["get"]>["items"][number];
export type LoyaltyProgram = Dossier["loyalty"]["programs"][number];
export type Redemption = Made<paths["/v1/customers/{customer_id}/loyalty/redemptions"]["post"]>;
export type RedemptionBody =
  paths["/v1/customers/{customer_id}/loyalty/redemptions"]["post"]["requestBody"]["content"]["application/json"];
export type NamedDepositLedger = Answered<paths["/v1/customers/{customer_id}/named-deposits"]["get"]>;
export type NamedDepositEntry = NamedDepositLedger["items"][number];
export type Invoice = Answered<paths["/v1/invoices/{number}"]["get"]>;
export type InvoiceQuery = NonNullable<paths["/v1/invoices"]["get"]["parameters"]["query"]>;
export type InvoiceSort = NonNullable<InvoiceQuery["sort"]>;
export type InvoiceState = NonNullable<InvoiceQuery["state"]>[number];
export type ReminderProposal = Answered<paths["/v1/reminder-runs/preview"]["post"]>["items"][number];
export type ReminderRun = Made<paths["/v1/reminder-runs"]["post"]>;
export type ReminderRunSummary = Answered<paths["/v1/reminder-runs"]["get"]>["items"][number];
export type InvoiceReminder = Answered<paths["/v1/invoice-reminders"]["get"]>["items"][number];
export type ReminderScenario = Dossier["reminders"]["scenarios"][number];

/** Statistics, and the declaration of the lending right. */
export type Statistics = Schemas["Statistics"];
export type StatisticsQuery = NonNullable<paths["/v1/statistics"]["get"]["parameters"]["query"]>;
export type LendingDeclaration = Schemas["LendingDeclaration"];
