/// Numbers of draft-ietf-opsawg-pcapng: block types, option codes, limits.
enum PCAPNGFormat {
    static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
    /// The shortest block: type, length, length again.
    static let shortestBlock = 12
    /// The shortest section header block.
    static let shortestSection = 28
    /// A block of a known type that is longer than this is skipped; so long is no frame of TCP.
    static let longestBlock = 1 << 20
    /// More interfaces than this in one section are not believed.
    static let mostInterfaces = 65536
    /// The longest option value: its length has sixteen bits.
    static let longestOption = 65535
    /// Octets of an interface's name that are kept.
    static let longestName = 255

    enum Block {
        static let section: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let packet: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
    }

    enum Option {
        static let end: UInt16 = 0
        static let comment: UInt16 = 1
        /// A custom option of octets that a program which copies the block shall copy as well.
        static let customOctets: UInt16 = 2989
        static let sectionSystem: UInt16 = 3
        static let sectionApplication: UInt16 = 4
        static let interfaceName: UInt16 = 2
        static let interfaceResolution: UInt16 = 9
        static let interfaceOffset: UInt16 = 14
        static let statisticsStart: UInt16 = 2
        static let statisticsEnd: UInt16 = 3
        static let statisticsReceived: UInt16 = 4
        static let statisticsDropped: UInt16 = 5
        static let statisticsDroppedBySystem: UInt16 = 7
    }
}
