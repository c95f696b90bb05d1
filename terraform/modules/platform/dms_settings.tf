# Settings under the names of the DMS API.
locals {
  postgresql_settings = {
    CaptureDdls              = true
    FailTasksOnLobTruncation = true
    HeartbeatEnable          = true
    HeartbeatFrequency       = 5
    HeartbeatSchema          = "public"
    # Old rows are whole only with test_decoding: pglogical does not read REPLICA IDENTITY FULL.
    PluginName = "test-decoding"
  }

  s3_settings = {
    CdcMaxBatchInterval                  = 60
    CdcMinFileSize                       = 32000
    CompressionType                      = "GZIP"
    DataFormat                           = "parquet"
    DatePartitionDelimiter               = "SLASH"
    DatePartitionEnabled                 = true
    DatePartitionSequence                = "YYYYMMDD"
    IncludeOpForFullLoad                 = true
    ParquetTimestampInMillisecond        = false
    ParquetVersion                       = "parquet-1-0"
    TimestampColumnName                  = "dms_committed_at"
    UseTaskStartTimeForFullLoadTimestamp = true
  }

  task_settings = {
    TargetMetadata = {
      SupportLobs        = true
      FullLobMode        = false
      LimitedSizeLobMode = true
      LobMaxSize         = 1024
      BatchApplyEnabled  = false
    }
    FullLoadSettings = {
      TargetTablePrepMode           = "DO_NOTHING"
      MaxFullLoadSubTasks           = 8
      CommitRate                    = 10000
      TransactionConsistencyTimeout = 600
    }
    ChangeProcessingDdlHandlingPolicy = {
      HandleSourceTableDropped   = false
      HandleSourceTableTruncated = false
      HandleSourceTableAltered   = true
    }
    ErrorBehavior = {
      DataErrorPolicy           = "SUSPEND_TABLE"
      DataTruncationErrorPolicy = "SUSPEND_TABLE"
      TableErrorPolicy          = "STOP_TASK"
      RecoverableErrorCount     = -1
      RecoverableErrorInterval  = 5
    }
    Logging = {
      EnableLogging = true
    }
  }
}
