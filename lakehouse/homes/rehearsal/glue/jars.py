"""The parts of the AWS SDK that Hudi's sync to the Glue catalog loads; on Glue they are there.

Of the version that hudi-aws 0.15.0 names. Netty comes with Spark.
"""

from lakehouse.homes.maven import Artifact

_SDK, _VERSION = "software.amazon.awssdk", "2.18.40"
_PURPOSE = "Silver's tables cannot be registered in the Glue catalog"

CATALOG_JARS = (
    *(
        Artifact(_SDK, name, _VERSION, sha256, purpose=_PURPOSE)
        for name, sha256 in (
            ("annotations", "1545109e43c628ce48b40e2171032a3ee8decb34619b8aa33ae171c33dbac749"),
            ("apache-client", "136eae62f4ae331363d53e6d4ddbd9d983d21816abecda30cdf5428326221290"),
            ("auth", "68f6403a7b64906e0067a649662c502363a342bc9fffcb045cf6a58d18982eaf"),
            ("aws-core", "92b825b47730f0c518e5f05ac7ce43cb48a54373db61c0ecfc345772e625e882"),
            (
                "aws-json-protocol",
                "53d710bf4454b1597747e4174c35b15854269877c3f8af0fef2108ee667592a0",
            ),
            (
                "aws-query-protocol",
                "b391970a1f018f1642a5b0fbc2ef672856f2b4e83515b7359407c68b3811823b",
            ),
            ("endpoints-spi", "d25ef6377a81c2675b74501a436725f7949f7e51e477e4b23f10c1206508a47d"),
            ("glue", "1d13591db23be8b7fefc10df935f2c9658f70615c862ea5f378435dd89f3a4a0"),
            ("http-client-spi", "77807f49a04f5766dc8365df3d12eb0b4ce1f1a0c0e8968b1955f718d01901a6"),
            ("json-utils", "3060b82e7e2ef0b3b80924f160be7eaf42fef1223b2d281f3a9d1115303fff98"),
            ("metrics-spi", "c18a92d8950f7949dc3236610c134466bfe18bc31f17d5ea979f95d5994b9683"),
            (
                "netty-nio-client",
                "54a22a38d2c25e5ed2cb5dffdf020b40a4d802f54c9087ea7a6fb1e9875da5d5",
            ),
            ("profiles", "322733a597416bd19551e88e19c3405ad25c76ea808f599d6cca26eb8972f701"),
            ("protocol-core", "9c7410c1998014c3641809f6a764c20a715bf7d772c73248b41fc347ae8521b1"),
            ("regions", "8d18ebb5b3ac87ef3e9b2928760e853d2123d9d69c45ec53ab65515ef60a6dd9"),
            ("sdk-core", "c27b6eae825f569fcf698212a9dbb7de2ec1ceaa7c5a1db3040a91190d46122d"),
            ("sts", "6d574cefa4f230b628bfc4e699ff0ab46bbefcb4c9ece9725ee640debd40e725"),
            (
                "third-party-jackson-core",
                "00b2093dfcb2657fb9748c74de58e3f4af437e8527ebccc219d78286356e37d8",
            ),
            ("utils", "6ce581586d4d710fd78b614dcf7256db4cc8eacd176d50317327a924c21618cd"),
        )
    ),
    Artifact(
        "software.amazon.eventstream",
        "eventstream",
        "1.0.1",
        "0c37d8e696117f02c302191b8110b0d0eb20fa412fce34c3a269ec73c16ce822",
        purpose=_PURPOSE,
    ),
    Artifact(
        "org.reactivestreams",
        "reactive-streams",
        "1.0.3",
        "1dee0481072d19c929b623e155e14d2f6085dc011529a0a0dbefc84cf571d865",
        purpose=_PURPOSE,
    ),
)
