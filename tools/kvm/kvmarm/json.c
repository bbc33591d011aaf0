// SPDX-License-Identifier: GPL-2.0
/*
 * Read registers from JSON: an object whose members are objects with "id" and
 * "value". Other programs may have reformatted the file and added to it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kvmarm.h"

/* Maximum depth of arrays and objects in members that are skipped */
#define DEPTH_MAX	16

/**
 * struct json - a text being read
 * @vcpu: destination of the registers
 * @p: the next character
 * @end: end of the text
 * @line: the line of @p, from 1
 */
struct json {
	struct saved_vcpu *vcpu;
	const char *p;
	const char *end;
	unsigned int line;
};

__printf(2, 3) static bool json_bad(const struct json *json, const char *fmt, ...)
{
	char what[128];
	va_list args;

	if (json->p == json->end)
		return saved_bad(json->vcpu, "line %u: the file ends too early",
				 json->line);
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return saved_bad(json->vcpu, "line %u: %s", json->line, what);
}

static void skip_space(struct json *json)
{
	while (json->p < json->end && memchr(" \t\r\n", *json->p, 4))
		json->line += *json->p++ == '\n';
}

static bool next_is(struct json *json, char c)
{
	skip_space(json);
	if (json->p == json->end || *json->p != c)
		return false;
	json->p++;
	return true;
}

static bool expect_char(struct json *json, char c)
{
	return next_is(json, c) || json_bad(json, "'%c' is missing", c);
}

/* Truncate what does not fit into @buf. Keep escapes as they are. */
static bool read_string(struct json *json, char *buf, size_t size)
{
	size_t len = 0;

	if (!expect_char(json, '"'))
		return false;
	for (; json->p < json->end && *json->p != '"'; json->p++) {
		if ((unsigned char)*json->p < ' ')
			return json_bad(json, "a string does not end");
		if (len + 1 < size)
			buf[len++] = *json->p;
		if (*json->p == '\\' && json->p + 1 < json->end)
			json->p++;
	}
	buf[len] = '\0';
	return expect_char(json, '"');
}

static bool read_number(struct json *json, const char *what, uint64_t *number)
{
	char text[32], *end;

	if (!read_string(json, text, sizeof(text)))
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	if (errno || *end || text[0] < '0' || text[0] > '9' ||
	    strlen(text) == sizeof(text) - 1)
		return json_bad(json, "\"%s\" is no number for \"%s\"", text, what);
	return true;
}

static bool skip_value(struct json *json, unsigned int depth);

static bool skip_members(struct json *json, unsigned int depth, char close)
{
	char name[2];

	if (!depth)
		return json_bad(json, "too many brackets");
	if (next_is(json, close))
		return true;
	do {
		if (close == '}' && (!read_string(json, name, sizeof(name)) ||
				     !expect_char(json, ':')))
			return false;
		if (!skip_value(json, depth - 1))
			return false;
	} while (next_is(json, ','));
	return expect_char(json, close);
}

static bool skip_value(struct json *json, unsigned int depth)
{
	static const char plain[] = "+-.0123456789abcdefghijklmnopqrstuvwxyzE";
	const char *start;
	char text[2];

	if (next_is(json, '{'))
		return skip_members(json, depth, '}');
	if (next_is(json, '['))
		return skip_members(json, depth, ']');
	start = json->p;
	while (json->p < json->end && memchr(plain, *json->p, sizeof(plain) - 1))
		json->p++;
	return json->p > start || read_string(json, text, sizeof(text));
}

static bool read_register(struct json *json)
{
	bool has_id = false, has_value = false;
	uint64_t id = 0, value = 0;
	char member[8];

	if (!expect_char(json, '{'))
		return false;
	do {
		if (!read_string(json, member, sizeof(member)) || !expect_char(json, ':'))
			return false;
		if (!strcmp(member, "id")) {
			if (has_id)
				return json_bad(json, "a second \"id\"");
			has_id = read_number(json, "id", &id);
			if (!has_id)
				return false;
		} else if (!strcmp(member, "value")) {
			if (has_value)
				return json_bad(json, "a second \"value\"");
			has_value = read_number(json, "value", &value);
			if (!has_value)
				return false;
		} else if (!skip_value(json, DEPTH_MAX)) {
			return false;
		}
	} while (next_is(json, ','));
	if (!has_id || !has_value)
		return json_bad(json, "a register without %s", has_id ? "value" : "id");
	return expect_char(json, '}') && saved_add(json->vcpu, id, value);
}

bool saved_read_json(struct saved_vcpu *vcpu, const char *text, size_t size)
{
	struct json json = { .vcpu = vcpu, .p = text, .end = text + size, .line = 1 };
	char name[2];

	if (!size)
		return saved_bad(vcpu, "the file is empty");
	if (!next_is(&json, '{'))
		return saved_bad(vcpu, "not a file of kvmarm list --json or armvm --save");
	if (next_is(&json, '}'))
		return true;
	do {
		if (!read_string(&json, name, sizeof(name)) || !expect_char(&json, ':') ||
		    !read_register(&json))
			return false;
	} while (next_is(&json, ','));
	if (!expect_char(&json, '}'))
		return false;
	skip_space(&json);
	return json.p == json.end || json_bad(&json, "something comes after the end");
}
