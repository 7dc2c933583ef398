import ArgumentParser
import HandprobeEngine
import HandprobeJudge
import HandprobeNet
import HandprobeReport
import HandprobeTCP
import HandprobeWire

extension Probe {
    /// Finds out how long connections to the first address that has a route are remembered, and returns the exit code.
    func measure(_ subject: Lifetime.Subject, upTo longest: Duration, _ target: Target) throws -> ExitCode {
        let ground = try prepare(target, fromOnePort: false)
        let (way, transport, record) = (ground.way, ground.transport, ground.record)
        let measurement = Measurement(
            way, of: subject, upTo: longest, report: format.measurement(way, transport: transport),
            showsProgress: format.showsProgress, now: transport.now
        ) { port, wait in
            var plan = try plan(way, ground.look, local: port.portGuard.local)
            switch subject {
            case .idle: plan.trials = [.silence(wait)]
            case .finWait2: plan.finDelay = wait
            case .timeWait: plan.recallWait = wait
            }
            record?.announce(ReportScene(way, from: port, transport: transport), course.expectation)
            return .connection(plan, course.expectation)
        }
        let engine = Engine(transport: transport, observer: record?.observer(before: measurement) ?? measurement)
        engine.run(source: measurement)
        record?.end(transport)
        measurement.finish()
        transport.closeCaptures()
        if let problem = measurement.problem { throw problem }
        let code = ExitCode(
            of: measurement.failure.map { $0.outcome == .asExpected ? .notAsExpected : $0.outcome } ?? .asExpected,
            interruptedBy: engine.interruptedBy)
        return record?.code(code) ?? code
    }
}
