// SPDX-License-Identifier: GPL-2.0
/*
 * Emulate a 16550A serial port on standard input and output.
 *
 * The guest finds the transmitter always empty.  The interrupt is
 * level-triggered: high while there is a reason for it.
 */
#include <errno.h>
#include <linux/serial_reg.h>
#include <string.h>
#include <unistd.h>

#include "armvm.h"

#define IIR_FIFOS_ENABLED	0xc0

/* Modem signals: the other end is present and ready. */
#define MSR_READY	(UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS)

static void wake_main(struct uart *uart)
{
	const uint64_t one = 1;

	if (write(uart->wake, &one, sizeof(one)) != sizeof(one))
		die("cannot wake the main thread: %s", strerror(errno));
}

/* Return the reason for an interrupt, as encoded in IIR. */
static uint8_t interrupt_id(const struct uart_regs *regs)
{
	if ((regs->ier & UART_IER_RLSI) && regs->overrun)
		return UART_IIR_RLSI;
	if ((regs->ier & UART_IER_RDI) && regs->rx_len)
		return UART_IIR_RDI;
	if ((regs->ier & UART_IER_THRI) && regs->thr_empty)
		return UART_IIR_THRI;
	return UART_IIR_NO_INT;
}

static void drive_line(struct uart *uart, bool level)
{
	uart->line = level;
	must(__irq_line(uart->vm, KVM_ARM_IRQ_TYPE_SPI, 0, UART_IRQ, level),
	     "KVM_IRQ_LINE", "set interrupt %u of the serial port to %u",
	     UART_IRQ, level);
}

static void update_line(struct uart *uart)
{
	bool level = interrupt_id(&uart->regs) != UART_IIR_NO_INT;

	if (level != uart->line)
		drive_line(uart, level);
}

static void write_out(struct uart *uart)
{
	size_t done = 0;
	ssize_t n;

	while (done < uart->out_len) {
		n = write(STDOUT_FILENO, uart->out + done,
			  uart->out_len - done);
		if (n > 0)
			done += n;
		else if (errno != EINTR && errno != EAGAIN)
			break;	/* nobody reads the output: ignore */
	}
	uart->out_len = 0;
}

static void transmit(struct uart *uart, uint8_t value)
{
	uart->out[uart->out_len++] = value;
	/* Buffer single characters for a moment, to save calls of write(). */
	if (value == '\n' || uart->out_len == sizeof(uart->out))
		write_out(uart);
	else if (uart->out_len == 1)
		wake_main(uart);
}

static unsigned int fifo_size(const struct uart_regs *regs)
{
	return regs->fcr & UART_FCR_ENABLE_FIFO ? UART_FIFO : 1;
}

static void receive(struct uart_regs *regs, uint8_t value)
{
	if (regs->rx_len < fifo_size(regs))
		regs->rx[regs->rx_len++] = value;
	else
		regs->overrun = 1;
}

/* Tell the main thread that there is room for input. */
static void feed(struct uart *uart)
{
	if (!uart->starved)
		return;
	uart->starved = false;
	wake_main(uart);
}

static uint8_t take_received(struct uart *uart)
{
	struct uart_regs *regs = &uart->regs;
	uint8_t value = regs->rx[0];

	if (!regs->rx_len)
		return 0;
	memmove(regs->rx, regs->rx + 1, --regs->rx_len);
	if (!regs->rx_len)
		feed(uart);
	return value;
}

static uint8_t modem_status(const struct uart_regs *regs)
{
	uint8_t msr = 0;

	if (!(regs->mcr & UART_MCR_LOOP))
		return MSR_READY;
	/* In loopback, the outputs are connected to the inputs. */
	if (regs->mcr & UART_MCR_RTS)
		msr |= UART_MSR_CTS;
	if (regs->mcr & UART_MCR_DTR)
		msr |= UART_MSR_DSR;
	if (regs->mcr & UART_MCR_OUT1)
		msr |= UART_MSR_RI;
	if (regs->mcr & UART_MCR_OUT2)
		msr |= UART_MSR_DCD;
	return msr;
}

static uint8_t read_iir(struct uart_regs *regs)
{
	uint8_t iir = interrupt_id(regs);

	if (iir == UART_IIR_THRI)
		regs->thr_empty = 0;
	if (regs->fcr & UART_FCR_ENABLE_FIFO)
		iir |= IIR_FIFOS_ENABLED;
	return iir;
}

static uint8_t read_lsr(struct uart_regs *regs)
{
	uint8_t lsr = UART_LSR_TEMT | UART_LSR_THRE;

	if (regs->rx_len)
		lsr |= UART_LSR_DR;
	if (regs->overrun)
		lsr |= UART_LSR_OE;
	regs->overrun = 0;
	return lsr;
}

static uint8_t read_register(struct uart *uart, unsigned int offset)
{
	struct uart_regs *regs = &uart->regs;
	bool dlab = regs->lcr & UART_LCR_DLAB;

	switch (offset) {
	case UART_RX:
		return dlab ? regs->dll : take_received(uart);
	case UART_IER:
		return dlab ? regs->dlm : regs->ier;
	case UART_IIR:
		return read_iir(regs);
	case UART_LCR:
		return regs->lcr;
	case UART_MCR:
		return regs->mcr;
	case UART_LSR:
		return read_lsr(regs);
	case UART_MSR:
		return modem_status(regs);
	default:
		return regs->scr;
	}
}

static void write_data(struct uart *uart, uint8_t value)
{
	struct uart_regs *regs = &uart->regs;

	if (regs->mcr & UART_MCR_LOOP)
		receive(regs, value);
	else
		transmit(uart, value);
	regs->thr_empty = 1;
}

static void write_ier(struct uart *uart, uint8_t value)
{
	struct uart_regs *regs = &uart->regs;

	/*
	 * Enabling the transmitter's interrupt raises it if the transmitter is
	 * empty.
	 */
	if (value & ~regs->ier & UART_IER_THRI)
		regs->thr_empty = 1;
	regs->ier = value & 0x0f;
	if ((value & UART_IER_RDI) && !regs->rx_len)
		feed(uart);
}

static void write_fcr(struct uart_regs *regs, uint8_t value)
{
	bool toggled = (value ^ regs->fcr) & UART_FCR_ENABLE_FIFO;

	if (toggled || (value & UART_FCR_CLEAR_RCVR))
		regs->rx_len = 0;
	regs->fcr = value & ~(UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT);
}

static void write_register(struct uart *uart, unsigned int offset,
			   uint8_t value)
{
	struct uart_regs *regs = &uart->regs;
	bool dlab = regs->lcr & UART_LCR_DLAB;

	switch (offset) {
	case UART_TX:
		if (dlab)
			regs->dll = value;
		else
			write_data(uart, value);
		break;
	case UART_IER:
		if (dlab)
			regs->dlm = value;
		else
			write_ier(uart, value);
		break;
	case UART_FCR:
		write_fcr(regs, value);
		break;
	case UART_LCR:
		regs->lcr = value;
		break;
	case UART_MCR:
		regs->mcr = value & 0x1f;
		break;
	case UART_SCR:
		regs->scr = value;
		break;
	default:	/* read-only */
		break;
	}
}

uint8_t uart_read(struct uart *uart, unsigned int offset)
{
	uint8_t value;

	pthread_mutex_lock(&uart->lock);
	value = read_register(uart, offset);
	update_line(uart);
	pthread_mutex_unlock(&uart->lock);
	return value;
}

void uart_write(struct uart *uart, unsigned int offset, uint8_t value)
{
	pthread_mutex_lock(&uart->lock);
	write_register(uart, offset, value);
	update_line(uart);
	pthread_mutex_unlock(&uart->lock);
}

unsigned int uart_room(struct uart *uart)
{
	const struct uart_regs *regs = &uart->regs;
	unsigned int room;

	pthread_mutex_lock(&uart->lock);
	/*
	 * A driver discards input from before it enables its interrupt: wait
	 * for that. A driver that polls gets no input.
	 */
	room = regs->ier & UART_IER_RDI ? fifo_size(regs) - regs->rx_len : 0;
	uart->starved = !room;
	pthread_mutex_unlock(&uart->lock);
	return room;
}

void uart_input(struct uart *uart, const uint8_t *data, unsigned int len)
{
	unsigned int i;

	pthread_mutex_lock(&uart->lock);
	for (i = 0; i < len; i++)
		receive(&uart->regs, data[i]);
	update_line(uart);
	pthread_mutex_unlock(&uart->lock);
}

void uart_flush(struct uart *uart)
{
	pthread_mutex_lock(&uart->lock);
	write_out(uart);
	pthread_mutex_unlock(&uart->lock);
}

void uart_reset(struct uart *uart)
{
	pthread_mutex_lock(&uart->lock);
	memset(&uart->regs, 0, sizeof(uart->regs));
	uart->regs.thr_empty = 1;
	update_line(uart);
	pthread_mutex_unlock(&uart->lock);
}

bool uart_restore(struct uart *uart, const struct uart_regs *regs)
{
	if (regs->rx_len > UART_FIFO)
		return false;
	pthread_mutex_lock(&uart->lock);
	uart->regs = *regs;
	/* Set the level of the line, which the new VM does not know yet. */
	drive_line(uart, interrupt_id(regs) != UART_IIR_NO_INT);
	pthread_mutex_unlock(&uart->lock);
	return true;
}

void uart_init(struct uart *uart, struct kvm_vm *vm, int wake)
{
	pthread_mutex_init(&uart->lock, NULL);
	uart->vm = vm;
	uart->wake = wake;
	uart->out_len = 0;
	uart->starved = false;
	uart->line = false;
	uart_reset(uart);
}
