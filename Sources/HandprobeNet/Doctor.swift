internal import CLinuxNet
internal import CPcap
internal import Glibc
internal import HandprobeTCP
public import HandprobeWire

/// Whether this machine is able to probe: everything tried for real, on loopback.
public enum Doctor {
    /// Everything there is to look at, and the way to `host` when one is given.
    public static func examine(host: String? = nil, family: IPAddress.Family? = nil) -> [DoctorCheck] {
        var checks = [privilege()]
        if checks[0].status == .failed {
            checks.append(
                DoctorCheck(name: "guards", status: .skipped, detail: "cannot be tried without CAP_NET_RAW"))
            checks.append(
                DoctorCheck(name: "capture", status: .skipped, detail: "cannot be tried without CAP_NET_RAW"))
        } else {
            checks += guards()
            checks.append(capture())
        }
        checks += [clocks(), connectionTracking()]
        if let host { checks.append(route(to: host, family: family)) }
        return checks
    }

    /// Whether raw sockets and captures may be opened.
    public static func privilege() -> DoctorCheck {
        let held = Privileges.effective
        guard held.contains(.netRaw) else {
            return DoctorCheck(
                name: "privilege",
                status: .failed,
                detail: "CAP_NET_RAW is missing",
                advice: Privileges.advice(errno: EPERM)
            )
        }
        let names = Privileges.Capability.allCases.filter { held.contains($0) }.map(\.name)
        return DoctorCheck(name: "privilege", status: .ok, detail: names.joined(separator: ", "))
    }

    /// Each guard alone, over IPv4 and IPv6, and no guard at all, which must show the RST that guards are there for.
    public static func guards() -> [DoctorCheck] {
        var trials: [IPAddress.Family: LoopbackTrial] = [:]
        var failures: [String] = []
        for family in [IPAddress.Family.v4, .v6] {
            do {
                trials[family] = try LoopbackTrial(family: family)
            } catch {
                failures.append("\(family.name): \(error)")
            }
        }
        guard !trials.isEmpty else {
            return [DoctorCheck(name: "guards", status: .failed, detail: failures.joined(separator: "; "))]
        }
        var checks = GuardKind.allCases.map { check($0, by: trials) }
        // One that works is enough; what others lack is then no failure.
        if checks.contains(where: { $0.status == .ok }) {
            for index in checks.indices where checks[index].status == .failed { checks[index].status = .warning }
        }
        checks.append(control(trials))
        return checks
    }

    private static func check(_ kind: GuardKind, by trials: [IPAddress.Family: LoopbackTrial]) -> DoctorCheck {
        var good: [String] = []
        var bad: [String] = []
        var advice: String?
        for family in [IPAddress.Family.v4, .v6] {
            guard let trial = trials[family] else { continue }
            do {
                let outcome = try trial.handshake(guardedBy: [kind])
                if outcome.isSound {
                    good.append(family.name)
                } else {
                    bad.append("\(family.name): \(outcome.shortcoming)")
                }
            } catch {
                bad.append("\(family.name): \(error.reason)")
                if error.isPrivilege {
                    advice = kind == .filter ? "it needs CAP_NET_ADMIN; the other guards do without" : error.advice
                }
            }
        }
        let praise = good.isEmpty ? [] : ["\(good.joined(separator: " and ")): the kernel kept out of SYN, ACK and FIN"]
        return DoctorCheck(
            name: "guard \(kind.rawValue)",
            status: bad.isEmpty ? .ok : .failed,
            detail: (praise + bad).joined(separator: "; "),
            advice: advice
        )
    }

    private static func control(_ trials: [IPAddress.Family: LoopbackTrial]) -> DoctorCheck {
        let name = "guard check"
        var silent: [String] = []
        for (family, trial) in trials {
            guard let outcome = try? trial.handshake(guardedBy: []), outcome.kernelResets > 0 else {
                silent.append(family.name)
                continue
            }
        }
        if silent.isEmpty {
            return DoctorCheck(
                name: name, status: .ok, detail: "without a guard the kernel does reset, so the check works")
        }
        return DoctorCheck(
            name: name,
            status: .warning,
            detail: "\(silent.sorted().joined(separator: " and ")): no RST even without a guard",
            advice: "a firewall rule of this host seems to drop outgoing RSTs; guards cannot be told from it"
        )
    }

    /// Whether a burst of 1,000 frames on loopback is captured without a loss.
    public static func capture() -> DoctorCheck {
        let name = "capture"
        do {
            let result = try CaptureBurst.run(frames: 1000)
            if result.captured == result.sent, result.dropped == 0 {
                return DoctorCheck(name: name, status: .ok, detail: "\(result.sent) frames in a burst, none lost")
            }
            return DoctorCheck(
                name: name,
                status: .failed,
                detail:
                    "of \(result.sent) frames in a burst \(result.captured) were captured, \(result.dropped) dropped",
                advice: "the machine is too busy or too short of memory to be trusted with silence"
            )
        } catch {
            return DoctorCheck(name: name, status: .failed, detail: "\(error)")
        }
    }

    /// Whether the clocks are fine enough to time a handshake with.
    public static func clocks() -> DoctorCheck {
        var resolution = timespec()
        unsafe clock_getres(CLOCK_MONOTONIC, &resolution)
        let nanoseconds = Int(resolution.tv_sec) * 1_000_000_000 + Int(resolution.tv_nsec)
        let width = ClockMapping.Sample.now().width.wholeNanoseconds
        let path = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
        let source = (SystemFile.text(path) ?? "unknown").filter { !$0.isWhitespace }
        let detail =
            "clock source \(source), resolution \(nanoseconds) ns, wall and monotonic clock read within \(width) ns"
        if nanoseconds > 1000 || width > 20_000 {
            let advice = "times will be coarse; a clock source such as tsc or kvm-clock would be finer"
            return DoctorCheck(name: "clocks", status: .warning, detail: detail, advice: advice)
        }
        return DoctorCheck(name: "clocks", status: .ok, detail: detail)
    }

    /// Whether this host's firewall follows connections, and so may drop segments it finds wrong.
    public static func connectionTracking() -> DoctorCheck {
        guard let count = SystemFile.number("/proc/sys/net/netfilter/nf_conntrack_count") else {
            return DoctorCheck(name: "conntrack", status: .ok, detail: "this kernel does not follow connections")
        }
        return DoctorCheck(
            name: "conntrack",
            status: count > 0 ? .warning : .ok,
            detail: "the kernel is able to follow connections, \(count) at present",
            advice: count > 0 ? "rules that drop `ct state invalid` would drop unusual segments, ours too" : nil
        )
    }

    /// Whether and how `host` is reached.
    public static func route(to host: String, family: IPAddress.Family? = nil) -> DoctorCheck {
        let name = "route to \(host)"
        do {
            let addresses = try HostResolver.resolve(host, family: family)
            let route = try Route.lookup(to: addresses[0])
            let way = route.nextHop.map { "by router \($0)" } ?? (route.isLocal ? "this host itself" : "on the link")
            let detail =
                "\(route.destination) on \(route.interface.name), \(way), from \(route.source), "
                + "MTU \(route.maximumTransmissionUnit)"
            return DoctorCheck(name: name, status: .ok, detail: detail)
        } catch {
            return DoctorCheck(name: name, status: .failed, detail: "\(error)")
        }
    }
}
