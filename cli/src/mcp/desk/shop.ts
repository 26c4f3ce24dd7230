// The shop behind the sample server: a few tickets and orders in memory, and what each tool of the desk does to them. It
// trusts its callers, as such servers do: who may do what is decided in front of it.

export interface Ticket {
  readonly id: string;
  readonly customer: string;
  readonly subject: string;
  status: 'open' | 'waiting' | 'solved';
  priority: 'low' | 'normal' | 'urgent';
  assignee: string | undefined;
  readonly messages: string[];
}

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly cents: number;
  refunded: number;
}

export type ToolArguments = Readonly<Record<string, unknown>>;

/** What a tool could not do, in words for whoever called it. */
export class ShopFault extends Error {}

/** Of everything that calls can make more of. */
const messagesMax = 100;

export class Shop {
  readonly #tickets = new Map(sampleTickets().map((ticket) => [ticket.id, ticket]));
  readonly #orders = new Map(sampleOrders().map((order) => [order.id, order]));
  readonly #closed = new Set<string>();

  /** Throws ShopFault, also for a tool that there is not. */
  run(tool: string, args: ToolArguments): string {
    switch (tool) {
      case 'search_tickets':
        return this.#search(args);
      case 'read_ticket':
        return this.#read(args);
      case 'reply_to_ticket':
        return this.#reply(args);
      case 'assign_ticket':
        return this.#assign(args);
      case 'refund_order':
        return this.#refund(args);
      case 'close_account':
        return this.#close(args);
      case 'export_customers':
        return `Exported ${this.#customers().length} customers: ${this.#customers().join(', ')}.`;
      default:
        throw new ShopFault(`There is no tool ${tool}.`);
    }
  }

  #search({ query = '', status, limit = 20 }: ToolArguments): string {
    const words = String(query).toLowerCase().split(/\s+/);
    const found = [...this.#tickets.values()].filter((ticket) => {
      const text = [ticket.subject, ...ticket.messages].join(' ').toLowerCase();
      return (status === undefined || ticket.status === status) && words.every((word) => text.includes(word));
    });
    if (found.length === 0) return 'No ticket holds all of these words.';
    return found
      .slice(0, Number(limit))
      .map(({ id, subject, status: state }) => `${id} (${state}): ${subject}`)
      .join('\n');
  }

  #read(args: ToolArguments): string {
    const { id, subject, status, customer, assignee, messages } = this.#ticket(args);
    const head = `${id} (${status}), from ${customer}, for ${assignee ?? 'nobody yet'}: ${subject}`;
    return [head, ...messages.map((message) => `- ${message}`)].join('\n');
  }

  #reply(args: ToolArguments): string {
    const ticket = this.#ticket(args);
    const isInternal = args['internal'] === true;
    ticket.messages.push(`${isInternal ? 'note' : 'desk'}: ${String(args['body'])}`);
    ticket.messages.splice(0, ticket.messages.length - messagesMax);
    if (!isInternal) ticket.status = 'waiting';
    return isInternal ? `Noted on ${ticket.id}.` : `Sent to ${ticket.customer}.`;
  }

  #assign(args: ToolArguments): string {
    const ticket = this.#ticket(args);
    ticket.assignee = String(args['assignee']);
    if (args['priority'] !== undefined) ticket.priority = args['priority'] as Ticket['priority'];
    return `${ticket.id} is ${ticket.assignee}'s now, with priority ${ticket.priority}.`;
  }

  #refund({ order: id, amount }: ToolArguments): string {
    const order = this.#orders.get(String(id));
    if (order === undefined) throw new ShopFault(`There is no order ${String(id)}.`);
    const cents = Number(amount);
    if (order.refunded + cents > order.cents) {
      throw new ShopFault(`Order ${order.id} has ${showMoney(order.cents - order.refunded)} left to refund.`);
    }
    order.refunded += cents;
    return `Refunded ${showMoney(cents)} of order ${order.id} to ${order.customer}.`;
  }

  #close({ account }: ToolArguments): string {
    const customer = String(account);
    if (!this.#customers().includes(customer)) throw new ShopFault(`There is no account ${customer}.`);
    this.#closed.add(customer);
    return `The account ${customer} is closed.`;
  }

  #ticket({ ticket: id }: ToolArguments): Ticket {
    const ticket = this.#tickets.get(String(id));
    if (ticket === undefined) throw new ShopFault(`There is no ticket ${String(id)}.`);
    return ticket;
  }

  #customers(): string[] {
    const all = new Set([...this.#orders.values()].map(({ customer }) => customer));
    return [...all].filter((customer) => !this.#closed.has(customer));
  }
}

function showMoney(cents: number): string {
  return (cents / 100).toFixed(2);
}

function sampleTickets(): Ticket[] {
  return [
    {
      id: 'T-7',
      customer: 'c-31',
      subject: 'Charged twice',
      status: 'open',
      priority: 'normal',
      assignee: undefined,
      messages: ['customer: Order A-1001 was charged twice on my card. Please pay one of them back.'],
    },
    {
      id: 'T-8',
      customer: 'c-40',
      subject: 'Parcel is late',
      status: 'waiting',
      priority: 'low',
      assignee: 'lee@example.com',
      messages: ['customer: Where is order A-1002?', 'desk: It left our warehouse yesterday.'],
    },
    {
      id: 'T-9',
      customer: 'c-52',
      subject: 'Delete my account',
      status: 'open',
      priority: 'urgent',
      assignee: undefined,
      messages: ['customer: Please close my account and erase what you have of me.'],
    },
  ];
}

function sampleOrders(): Order[] {
  return [
    { id: 'A-1001', customer: 'c-31', cents: 129_00, refunded: 0 },
    { id: 'A-1002', customer: 'c-40', cents: 24_50, refunded: 0 },
    { id: 'A-1003', customer: 'c-52', cents: 8_00, refunded: 0 },
  ];
}
