#!/usr/bin/python3
"""Writes the seeds of the fuzzing targets whose inputs scapy can make: seeds.py FOLDER

Those of the targets that decode an input into a sequence of steps (machine, conversation, report) are what libFuzzer's
merge kept of a long run; nothing else writes them.
"""
import os
import struct
import sys

from scapy.all import (CookedLinux, Dot1Q, Ether, ICMP, ICMPv6DestUnreach, ICMPv6PacketTooBig, IP, IPv6,
                       IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPerror, Raw, TCP, TCPerror)

folder = sys.argv[1]


def write(target, name, octets):
    os.makedirs(f"{folder}/{target}", exist_ok=True)
    with open(f"{folder}/{target}/{name}", "wb") as file:
        file.write(octets)


options = [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (7, 0)), ("NOP", None), ("WScale", 7)]
syn = IP(src="192.0.2.1", dst="192.0.2.2") / TCP(sport=40000, dport=80, seq=1, options=options)
answer = IP(src="192.0.2.2", dst="192.0.2.1") / TCP(sport=80, dport=40000, flags="SA", seq=9, ack=2, options=options)
data = IPv6(src="fd00::1", dst="fd00::2") / TCP(sport=40000, dport=80, flags="PA", seq=2, ack=10) / Raw(b"hello\n")
late = IP(src="192.0.2.1", dst="192.0.2.2", frag=5) / TCP()

# The first octet chooses the link type (FrameFuzz.linkTypes), the second says how much the snaplen cut off.
ethernet = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
for name, link, frame in [
    ("null", 0, struct.pack("<I", 2) + bytes(syn)),
    ("ethernet", 1, bytes(ethernet / syn)),
    ("ethernet-vlan", 1, bytes(ethernet / Dot1Q(vlan=7) / Dot1Q(vlan=9) / data)),
    ("raw", 2, bytes(answer)),
    ("raw-fragment", 2, bytes(late)),
    ("raw-extensions", 2, bytes(IPv6(dst="fd00::2") / IPv6ExtHdrHopByHop() / IPv6ExtHdrFragment() / TCP())),
    ("loop", 3, struct.pack(">I", 24) + bytes(data)),
    ("cooked", 4, bytes(CookedLinux(proto=0x0800) / syn)),
    ("ipv4", 5, bytes(syn)),
    ("ipv6", 6, bytes(data)),
    ("cooked-2", 7, struct.pack(">HHIHBB8s", 0x0800, 0, 1, 1, 0, 6, b"\2" * 8) + bytes(syn)),
    ("unknown-link", 8, bytes(syn)),
]:
    write("frame", name, bytes([link, 0]) + frame)
write("frame", "cut", bytes([2, 8]) + bytes(data)[:-8])

for name, octets in [
    ("linux", bytes(TCP(options=options))[20:]),
    ("sack", bytes(TCP(options=[("NOP", None), ("NOP", None), ("SAck", (1, 2, 5, 9))]))[20:]),
    ("md5", b"\x13\x12" + b"\5" * 16 + b"\1\1"),
    ("fast-open", b"\x22\x0a" + b"\6" * 8 + b"\1\1"),
    ("bad-length", b"\2\4\5\xb4\5\1\0\0"),
    ("after-end", b"\1\0\1\2\3\4\5\6"),
    ("odd", b"\3\3\7"),
]:
    write("options", name, octets)

quoted4 = bytes(IPerror(bytes(syn)))[:28]
for name, family, message in [
    ("unreachable", 0, bytes(ICMP(type=3, code=13) / Raw(quoted4))),
    ("exceeded-whole", 0, bytes(ICMP(type=11) / Raw(bytes(syn)))),
    ("too-big", 0, bytes(ICMP(type=3, code=4, nexthopmtu=1280) / Raw(bytes(syn)))),
    ("extensions", 0, b"\x0b\0\0\0\0\x20\0\0" + bytes(syn).ljust(128, b"\0") + b"\x20\0\0\0\0\x08\1\1\0\0\0\1"),
    ("unreachable-6", 1, bytes(ICMPv6DestUnreach(code=1) / Raw(bytes(data)))),
    ("too-big-6", 1, bytes(ICMPv6PacketTooBig(mtu=1280) / Raw(bytes(data)))),
]:
    write("quote", name, bytes([family]) + message)

# The first octet chooses what is read, the second whether numbers are absolute.
for name, kind, text in [
    ("syn", 0, "S 0:0(0) win 65535 <mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>"),
    ("data", 0, "P. 1:6(5) ack 1 win 512 urg 3"),
    ("wrapped", 0, "F. 4294967295:4294967296(1) ack 2147483648"),
    ("any-options", 0, "S. 0:0(0) ack 1 <...>"),
    ("options", 1, "nop,nop,sack 1:5 7:9,md5 00112233445566778899aabbccddeeff"),
    ("block", 1, "mss 1460,eol,0x0102,gen-254 0a0b,FO 0102030405060708"),
    ("list", 2, "mss=1460,sackok,ts,nop,ws=7"),
    ("list-rare", 2, "TS=1:2,md5=00:11,tfo,kind-254=0xff,eol"),
    ("flags", 3, "SFRPUEWA."),
    ("hex", 4, "0x02 04:05 b4"),
]:
    write("notation", name, bytes([kind, 1]) + text.encode())


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    length = len(body) + 12
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def capture(order, resolution):
    section = struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + option(order, 1, b"a comment")
    interface = struct.pack(order + "HHI", 101, 0, 65535) + option(order, 2, b"eth0")
    interface += option(order, 9, bytes([resolution])) + option(order, 0, b"")
    octets = block(order, 0x0A0D0D0A, section) + block(order, 1, interface)
    for tick, packet in enumerate(map(bytes, [syn, answer])):
        body = struct.pack(order + "IIIII", 0, 0, tick, len(packet), len(packet)) + packet
        body += b"\0" * (-len(packet) % 4) + option(order, 1, b"one") + option(order, 0, b"")
        octets += block(order, 6, body)
    counters = struct.pack(order + "III", 0, 0, 9) + option(order, 5, struct.pack(order + "Q", 3))
    return octets + block(order, 5, counters)


def classic(order, magic, link, frames):
    octets = struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 65535, link)
    for tick, (frame, cut) in enumerate(frames):
        octets += struct.pack(order + "IIII", 1700000000, tick, len(frame) - cut, len(frame)) + frame[:len(frame) - cut]
    return octets


both = [(bytes(syn), 0), (bytes(answer), 0)]
write("pcap", "little", classic("<", 0xA1B2C3D4, 101, both))
write("pcap", "big", classic(">", 0xA1B2C3D4, 101, both))
write("pcap", "nanoseconds", classic("<", 0xA1B23C4D, 229, [(bytes(data), 0)]))
write("pcap", "ethernet", classic("<", 0xA1B2C3D4, 1, [(bytes(ethernet / syn), 0), (bytes(ethernet / data), 9)]))
write("pcap", "cooked", classic(">", 0xA1B23C4D, 113, [(bytes(CookedLinux(proto=0x0800) / syn), 0)]))
write("pcap", "modified", struct.pack("<IHHIIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 101)
      + struct.pack("<IIIIIHBB", 1, 2, len(bytes(syn)), len(bytes(syn)), 3, 8, 0, 0) + bytes(syn))
write("pcap", "cut", classic("<", 0xA1B2C3D4, 101, both)[:-7])
write("pcap", "head-only", classic("<", 0xA1B2C3D4, 147, []))

packet = bytes(data)
simple = struct.pack("<I", len(packet)) + packet
old = struct.pack("<HHIIII", 0, 1, 0, 1, len(packet), len(packet)) + packet
# The first octet is the size of the pieces, less one.
write("pcapng", "little", b"\x07" + capture("<", 9))
write("pcapng", "big", b"\x00" + capture(">", 6))
write("pcapng", "binary-ticks", b"\xff" + capture("<", 0x94))
write("pcapng", "two-sections", b"\x10" + capture("<", 9) + capture(">", 9))
head = capture("<", 9)[:-44]
write("pcapng", "other-frames", b"\x20" + head + block("<", 3, simple) + block("<", 2, old) + block("<", 0xBAD, b"custom"))
write("pcapng", "cut", b"\x20" + head[:-5])
