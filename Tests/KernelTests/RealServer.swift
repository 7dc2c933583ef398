import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// A server that people run, in the peer's namespace of a scene.
struct RealServer: Sendable, CustomTestStringConvertible {
    /// What is tested, and what it is called in a failure.
    var testDescription: String
    /// The programs it takes.
    var programs: [String]
    /// Starts what is needed at the scene's target, with a folder for its files; the first one is the server probed.
    var start: @Sendable (Scene, TemporaryFolder) throws -> [Subprocess]
    /// The options with which `close` says something that the server understands.
    var request: [String]
    /// What must come from the server when it is asked so.
    var answer: String
    /// What the server itself must say about the connection from a port, sooner or later, by command; empty for nothing.
    var log: @Sendable (_ command: String, _ port: UInt16) -> [String] = { _, _ in [] }
    /// The file in the folder that the server writes that to; nil is its standard streams.
    var logFile: String?

    /// All of them.
    static let all: [RealServer] = [
        nginx, haproxy, sshd, python, netcat([]), netcat(["-N"]), ncat([]), ncat(["--no-shutdown"]),
        socat("socat that goes on speaking after EOF", patience: "2", answer: "late\n"),
        socat("socat that gives up at EOF", patience: "0", answer: ""),
    ]

    /// A web server. It closes first, after its answer; a connection on which nothing is asked it closes when we do.
    static let nginx = RealServer(
        testDescription: "nginx",
        programs: ["nginx"],
        start: { scene, folder in [try startNginx(at: scene.target, in: scene.peer, folder)] },
        request: ["--http"],
        answer: "hello\n",
        log: { command, port in
            [command == "open" ? "client closed connection while waiting for request" : "\(port) GET / 200"]
        },
        logFile: "nginx.log"
    )

    /// A proxy in front of a web server: whatever our end does, it is the proxy that answers for it.
    static let haproxy = RealServer(
        testDescription: "haproxy in front of nginx",
        programs: ["haproxy", "nginx"],
        start: { scene, folder in
            let behind = SocketAddress(.v4(.loopback), port: 8081)
            let nginx = try startNginx(at: behind, in: scene.peer, folder)
            let haproxy = try startHaproxy(at: scene.target, before: behind, mode: "http", in: scene.peer, folder)
            return [haproxy, nginx]
        },
        request: ["--http"],
        answer: "hello\n",
        log: { command, port in command == "open" ? [] : ["\(port) 200 --"] }
    )

    /// A server that speaks first.
    static let sshd = RealServer(
        testDescription: "OpenSSH",
        programs: ["sshd", "ssh-keygen", "unshare"],
        start: { scene, folder in
            try Subprocess.check("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder.path)/key"])
            // Unpacked, it has neither its user nor its folder: it gets both in a view of the files of its own.
            try folder.write("passwd", "root:x:0:0::/root:/bin/sh\nsshd:x:65534:65534::/run/sshd:/bin/false\n")
            try folder.write("sshd_config", "HostKey \(folder.path)/key\nListenAddress \(scene.target)\n")
            let view = """
                mount --bind \(folder.path)/passwd /etc/passwd && mount -t tmpfs none /run && mkdir -m 0755 /run/sshd &&
                exec \(try TestEnvironment.path(of: "sshd")) -D -e -o LogLevel=VERBOSE -f \(folder.path)/sshd_config
                """
            return [try Subprocess("unshare", ["--mount", "sh", "-c", view], in: scene.peer)]
        },
        request: ["--send", "SSH-2.0-handprobe\\r\\n"],
        answer: "SSH-2.0-OpenSSH",
        log: { command, port in ["port \(port)"] }
    )

    /// A web server of the simplest kind: HTTP/1.0, and it closes first.
    static let python = RealServer(
        testDescription: "python3 -m http.server",
        programs: ["/usr/bin/python3"],
        start: { scene, folder in
            try folder.write("index.html", "hello\n")
            let address = scene.target.address.description
            let options = ["-u", "-m", "http.server", "\(scene.target.port)", "--bind", address, "-d", folder.path]
            return [try Subprocess("/usr/bin/python3", options, in: scene.peer)]
        },
        request: ["--http"],
        answer: "hello\n",
        log: { command, _ in command == "open" ? [] : ["\"GET / HTTP/1.1\" 200"] }
    )

    /// OpenBSD's netcat, which says a line: with -N it closes its direction after it, without when we have.
    static func netcat(_ options: [String]) -> RealServer {
        RealServer(
            testDescription: (["nc"] + options).joined(separator: " "),
            programs: ["nc"],
            start: { scene, _ in
                let place = [scene.target.address.description, "\(scene.target.port)"]
                return [try Subprocess("nc", ["-l"] + options + place, stdin: "hello\n", in: scene.peer)]
            },
            request: ["--send", "hello yourself\\n"],
            answer: "hello\n",
            log: { command, _ in command == "open" ? [] : ["hello yourself\n"] }
        )
    }

    /// Nmap's netcat, which says a line, and what it does when its own input has ended.
    static func ncat(_ options: [String]) -> RealServer {
        RealServer(
            testDescription: (["ncat"] + options).joined(separator: " "),
            programs: ["ncat"],
            start: { scene, _ in
                let place = [scene.target.address.description, "\(scene.target.port)"]
                return [try Subprocess("ncat", ["-l"] + options + place, stdin: "hello\n", in: scene.peer)]
            },
            request: ["--send", "hello yourself\\n"],
            answer: "hello\n",
            log: { command, _ in command == "open" ? [] : ["hello yourself\n"] }
        )
    }

    /// A command behind a socket, which speaks 200 ms after our FIN, if socat waits that long.
    static func socat(_ name: String, patience: String, answer: String) -> RealServer {
        RealServer(
            testDescription: name,
            programs: ["socat"],
            start: { scene, _ in
                let family = scene.target.address.family == .v4 ? "TCP4" : "TCP6"
                let address =
                    scene.target.address.family == .v4 ? "\(scene.target.address)" : "[\(scene.target.address)]"
                let listener = "\(family)-LISTEN:\(scene.target.port),bind=\(address),reuseaddr"
                let command = "SYSTEM:cat >&2; sleep 0.2; echo late"
                return [try Subprocess("socat", ["-t", patience, listener, command], in: scene.peer)]
            },
            request: ["--send", "hello yourself\\n"],
            answer: answer,
            // One that gives up ends its command before that has said anything.
            log: { command, _ in command == "open" || answer.isEmpty ? [] : ["hello yourself\n"] }
        )
    }

    /// A proxy that reads HTTP, or passes on what it gets; what it says of a connection is `port status state octets`.
    static func startHaproxy(
        at address: SocketAddress,
        before behind: SocketAddress,
        mode: String,
        options: [String] = [],
        in namespace: NetworkNamespace,
        _ folder: TemporaryFolder
    ) throws -> Subprocess {
        try folder.write(
            "haproxy.cfg",
            """
            global
                log stdout format raw local0
            defaults
                mode \(mode)
                log global
                log-format "%cp \(mode == "http" ? "%ST " : "")%ts %B"
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend web
                bind \(address)
                \(options.joined(separator: "\n    "))
                default_backend nginx
            backend nginx
                server one \(behind)

            """
        )
        return try Subprocess("haproxy", ["-db", "-f", "\(folder.path)/haproxy.cfg"], in: namespace)
    }

    /// nginx, which answers `/` at once, `/slow` with 20000 octets of which eight kilobytes leave each second, and `/proxied`
    /// with what `/slow` gives it.
    static func startNginx(
        at address: SocketAddress,
        in namespace: NetworkNamespace,
        _ folder: TemporaryFolder
    ) throws -> Subprocess {
        try folder.write("slow", String(repeating: "x", count: 20_000))
        try folder.write(
            "nginx.conf",
            """
            daemon off; master_process off; user root; pid \(folder.path)/pid; error_log \(folder.path)/nginx.log info;
            events {}
            http {
                log_format brief '$remote_port $request_method $uri $status $body_bytes_sent';
                access_log \(folder.path)/nginx.log brief;
                client_body_temp_path \(folder.path); proxy_temp_path \(folder.path); fastcgi_temp_path \(folder.path);
                uwsgi_temp_path \(folder.path); scgi_temp_path \(folder.path);
                server {
                    listen \(address);
                    location / { return 200 "hello\\n"; }
                    location = /slow { root \(folder.path); limit_rate 8k; }
                    location = /proxied { proxy_pass http://\(address)/slow; }
                }
            }

            """
        )
        let nginx = try Subprocess("nginx", ["-c", "\(folder.path)/nginx.conf", "-p", folder.path], in: namespace)
        try waitUntil("nginx listens") {
            try SocketTable.read(in: namespace).rows(port: address.port).contains { $0.state == .listen }
        }
        return nginx
    }
}
