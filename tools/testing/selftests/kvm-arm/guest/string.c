// SPDX-License-Identifier: GPL-2.0
/* Guest runtime: memory functions and console output */
#include <stdarg.h>

#include "guest.h"

void *memcpy(void *dst, const void *src, size_t n)
{
	const char *s = src;
	char *d = dst;

	while (n--)
		*d++ = *s++;
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	char *d = dst;

	while (n--)
		*d++ = c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void put_char(char c)
{
	io_write32(GUEST_IO + GUEST_IO_PUTC, c);
}

void put_string(const char *s)
{
	while (*s)
		put_char(*s++);
}

void put_hex(u64 value, unsigned int digits)
{
	while (digits--)
		put_char("0123456789abcdef"[value >> (4 * digits) & 15]);
}

static unsigned int hex_digits(u64 value)
{
	unsigned int digits = 1;

	while (digits < 16 && value >> (4 * digits))
		digits++;
	return digits;
}

static void put_unsigned(u32 value)
{
	char buf[10];
	int i = 0;

	do {
		buf[i++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (i)
		put_char(buf[--i]);
}

static void put_signed(int value)
{
	if (value < 0)
		put_char('-');
	put_unsigned(value < 0 ? -(u32)value : (u32)value);
}

static void put_hex_field(u64 value, unsigned int width)
{
	unsigned int digits = hex_digits(value);

	put_hex(value, width > digits ? width : digits);
}

void print(const char *fmt, ...)
{
	unsigned int width, longs;
	va_list args;

	va_start(args, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put_char(*fmt);
			continue;
		}
		width = 0;
		longs = 0;
		while (*++fmt >= '0' && *fmt <= '9')
			width = width * 10 + *fmt - '0';
		for (; *fmt == 'l'; fmt++)
			longs++;
		switch (*fmt) {
		case 's':
			put_string(va_arg(args, const char *));
			break;
		case 'c':
			put_char(va_arg(args, int));
			break;
		case 'u':
			put_unsigned(va_arg(args, u32));
			break;
		case 'd':
			put_signed(va_arg(args, int));
			break;
		case 'x':
			put_hex_field(longs == 2 ? va_arg(args, u64) :
				      va_arg(args, u32), width);
			break;
		default:
			put_char(*fmt);
		}
	}
	va_end(args);
}
